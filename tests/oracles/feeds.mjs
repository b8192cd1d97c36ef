// Prints what podcast-partytime and feedsmith read of the feed whose path is the argument, as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { parseFeed } = require("podcast-partytime");
const { parseRssFeed } = require("feedsmith");
const xml = readFileSync(process.argv[2], "utf-8");
console.log(JSON.stringify({ partytime: parseFeed(xml), feedsmith: parseRssFeed(xml) }));
