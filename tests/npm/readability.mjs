// Prints what Firefox's reader view makes of each page: a line of JSON a file, with the text it would show, or null.
import { readFileSync } from "node:fs";
import { Readability } from "@mozilla/readability";
import { JSDOM } from "jsdom";

for (const path of process.argv.slice(2)) {
  const { document } = new JSDOM(readFileSync(path, "utf8"), { url: "https://reader.invalid/documents/a/" }).window;
  const article = new Readability(document).parse();
  console.log(JSON.stringify(article && { title: article.title, byline: article.byline, text: article.textContent }));
}
