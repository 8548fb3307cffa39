import "./clock.js";
