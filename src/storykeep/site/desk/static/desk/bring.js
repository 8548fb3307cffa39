// Sends a file in pieces, so that a broken upload goes on where it was, and shows how far rescues are.
const PIECE = 4 * 1024 * 1024;
const form = document.querySelector("form[data-upload]");

async function send(file, token, say) {
  const about = `name=${encodeURIComponent(file.name)}&size=${file.size}`;
  const address = (at) => `${form.dataset.upload}?${about}&at=${at}`;
  let here = (await (await fetch(`${form.dataset.upload}?${about}`)).json()).here;
  let tries = 0;
  while (here < file.size || file.size === 0) {
    try {
      const answer = await fetch(address(here), {
        method: "POST",
        headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" },
        body: file.slice(here, here + PIECE),
      });
      const told = await answer.json();
      if (told.said) throw Object.assign(new Error(told.said), { final: true });
      here = told.here;
      tries = 0;
      if (told.name) return told.name;
    } catch (error) {
      tries += 1;
      if (error.final || tries > 8) throw error;
      say(`The line broke; trying again (${tries}) …`);
      await new Promise((wait) => setTimeout(wait, 500 * 2 ** tries));
    }
    say(`${Math.floor((here / file.size) * 100)} % of ${file.name}`, here / file.size);
  }
  return file.name;
}

form?.addEventListener("submit", async (event) => {
  const file = form.elements.file.files[0];
  if (!file) return;
  event.preventDefault();
  const bar = form.querySelector("progress");
  const line = form.querySelector("[data-said]");
  const say = (words, share) => {
    line.textContent = words;
    bar.hidden = false;
    if (share !== undefined) bar.value = share;
  };
  try {
    await send(file, form.elements.csrfmiddlewaretoken.value, say);
    location.reload();
  } catch (error) {
    say(error.final ? error.message : "The line is broken. Choose the file again, and it goes on where it was.");
  }
});

async function follow(item) {
  const told = await (await fetch(item.dataset.job)).json();
  item.querySelector("[data-state]").textContent = told.state;
  item.querySelector("[data-stage]").textContent = told.running
    ? `${told.stage}${told.total ? `, ${told.done} of ${told.total}` : ""}`
    : "";
  const bar = item.querySelector("progress");
  bar.max = told.total || 1;
  bar.value = told.done;
  item.querySelector("[data-outcome]").textContent = told.said;
  if (told.running) setTimeout(() => follow(item), 1000);
  else location.reload();
}

for (const item of document.querySelectorAll("[data-running]")) setTimeout(() => follow(item), 500);
