// nlp.js with its French package, its defaults everywhere: node nlpjs.js FOLDER_OF_PACKAGES TASK ANSWERS
"use strict";
const fs = require("fs");
const { createRequire } = require("module");
const path = require("path");

const TIMED = 300;

async function main([packages, taskPath, answersPath]) {
  const load = createRequire(path.resolve(packages, "package.json"));
  const { containerBootstrap } = load("@nlpjs/core");
  const { Nlp } = load("@nlpjs/nlp");
  const { LangFr } = load("@nlpjs/lang-fr");
  const task = JSON.parse(fs.readFileSync(taskPath, "utf8"));
  const container = await containerBootstrap();
  container.use(Nlp);
  container.use(LangFr);
  const nlp = container.get("nlp");
  nlp.settings.autoSave = false;
  nlp.addLanguage("fr");
  for (const [text, intent] of task.train) nlp.addDocument("fr", text, intent);
  const log = console.log;
  console.log = () => {};
  await nlp.train();
  console.log = log;
  const intents = [];
  const scores = [];
  for (const text of task.texts) {
    const found = await nlp.process("fr", text);
    const best = found.classifications.find((one) => one.intent !== "None") || { intent: "None", score: 0 };
    intents.push(best.intent);
    scores.push(best.score);
  }
  const taken = [];
  for (const text of task.texts.slice(-TIMED)) {
    const start = process.cpuUsage();
    await nlp.process("fr", text);
    const { user, system } = process.cpuUsage(start);
    taken.push((user + system) / 1e6);
  }
  taken.sort((a, b) => a - b);
  const seconds = taken[Math.floor(taken.length / 2)];
  const memory = process.resourceUsage().maxRSS * 1024;
  fs.writeFileSync(answersPath, JSON.stringify({ intents, scores, seconds, memory }));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
