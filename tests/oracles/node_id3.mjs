// Prints the chapters that node-id3 reads of the episode whose path is the argument, in order of the file, as JSON.
import NodeID3 from "node-id3";

const { title, chapter, tableOfContents } = NodeID3.read(process.argv[2]);
console.log(JSON.stringify({
  title,
  contents: (tableOfContents ?? []).map(({ isOrdered, elements }) => ({ isOrdered, elements })),
  chapters: (chapter ?? []).map(({ elementID, startTimeMs, endTimeMs, tags }) => ({
    element: elementID, title: tags.title, start: startTimeMs, end: endTimeMs,
  })),
}));
