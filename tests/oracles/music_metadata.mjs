// Prints what music-metadata reads of the episode whose path is the argument, as JSON.
import { parseFile } from "music-metadata";

const { format, common } = await parseFile(process.argv[2], { includeChapters: true, duration: true });
// Of an ID3 tag it gives seconds, of an MP4 samples, and no ends.
const chapters = (format.chapters ?? []).map(({ title, start, end, timeScale }) => ({
  title, start: start / (format.container === "MPEG" ? 1 : timeScale), end,
}));
const { title, artists, album, language, picture } = common;
console.log(JSON.stringify({
  tags: format.tagTypes,
  title, artists, album, language,
  pictures: (picture ?? []).map((image) => image.format),
  bitrate: format.bitrate,
  seconds: format.duration,
  chapters,
}));
