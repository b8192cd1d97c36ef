// Prints what webvtt-parser, which forgives nothing, reads of the captions whose path is the argument, as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { WebVTTParser } = require("webvtt-parser");
const parser = new WebVTTParser(require("webvtt-parser/html-entities.json"));
const { cues, errors } = parser.parse(readFileSync(process.argv[2], "utf-8"), "subtitles/captions/descriptions");
const textOf = (node) => (node.type === "timestamp" ? "" : (node.value ?? node.children.map(textOf).join("")));
console.log(JSON.stringify({
  errors: errors.map(({ message, line, col }) => `${line}:${col}: ${message}`),
  cues: cues.map(({ startTime, endTime, tree }) => ({
    start: startTime,
    end: endTime,
    voice: tree.children[0]?.value ?? null,
    text: (tree.children[0]?.children ?? []).map(textOf).join(""),
  })),
}));
