// A program for a seat: it answers a hostile report with its mildest option, and otherwise waits.
const readline = require("readline");

const send = (message) => console.log(JSON.stringify(message));
const rungs = {};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.type === "hello") {
    for (const option of message.options) rungs[option.option] = option.rung;
    send({ type: "ready", name: "mild bot in JavaScript 1.0" });
  } else if (message.type === "turn") {
    const due = message.due.map((each) => each.dossier);
    const hostile = message.entries.some((entry) => entry.text.includes("hostile"));
    const choices = message.choices.filter((choice) => due.includes(choice.dossier));
    choices.sort((a, b) => rungs[a.option] - rungs[b.option] || a.n - b.n);
    const orders = hostile && choices.length > 0 ? [{ n: choices[0].n, why: "we answer in kind, but no more" }] : [];
    send({ type: "act", id: message.id, orders });
  }
});
