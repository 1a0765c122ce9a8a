/* What the functions of postil.js and tables.js hand to one another. For the type checker and for people: it is not
   published. */

/* --- postil.js --- */

export type Facet = "kind" | "verdict" | "topic" | "technique";

/** A note of the page: its card, its reference and all its marks, and its values of each facet. */
export interface Note extends Record<Facet, string[]> {
  id: string;
  card: HTMLElement;
  marks: HTMLElement[];
  reference: HTMLAnchorElement | null;
  tone: string | undefined;
}

/** A marked part of the text, and the notes on it, the innermost first. */
export interface Mark {
  element: HTMLElement;
  of: Note[];
}

export interface Survey {
  notes: Note[];
  byId: Map<string, Note>;
  marks: Mark[];
}

/** What a reader wishes to see: chosen values of each facet, or the text alone. */
export interface Wish extends Record<Facet, Set<string>> {
  text: boolean;
}

/* --- tables.js --- */

/** A row of a table, with what can be known of it without looking again. */
export interface Row {
  row: HTMLTableRowElement;
  /** Facet -> value -> label. */
  facets: Map<string, Map<string, string>>;
  words: string;
  /** By column. */
  keys: string[];
}
