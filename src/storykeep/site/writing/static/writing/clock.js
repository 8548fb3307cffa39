// Offers the reader's own time zone, and says times in it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-zone]")) {
  if (field.value === "UTC" && [...field.options].some((option) => option.value === zone)) field.value = zone;
}
for (const time of document.querySelectorAll("[data-local]")) {
  time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
}
