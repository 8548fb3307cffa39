// A long list is coming in: the bar follows it, and the page is loaded anew when it is there.

const EVERY = 1000;
const place = document.querySelector("[data-progress]");

async function follow() {
  const told = await (await fetch(place.dataset.progress)).json();
  const bar = place.querySelector("progress");
  bar.max = told.total || 1;
  bar.value = told.done;
  if (told.running) setTimeout(follow, EVERY);
  else location.reload();
}

if (place) setTimeout(follow, EVERY);
