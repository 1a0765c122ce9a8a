/* What the functions of words.js, postil.js and lists.js hand to one another. For the type checker and for people: it is
   not published. */

/* --- words.js --- */

export type Values = Record<string, string | number>;

export interface TranslationData {
  /** For Intl. */
  locale?: string;
  /** The numbering system (CLDR), for Intl. */
  digits?: string;
  /** The plural categories of the forms of a message, in their order. */
  categories?: string[];
  messages?: Record<string, string[]>;
}

export interface Words {
  /** For Intl. */
  locale: string;
  /** A number in digits. */
  number(value: number): string;
  /** A message in the site's language, with the values in the places of `%(name)s`. */
  gettext(message: string, values?: Values): string;
  /** A message that is ambiguous without its context. */
  pgettext(context: string, message: string, values?: Values): string;
  /** The form of a message for a number, which stands in it as `%(num)s`. */
  ngettext(one: string, many: string, num: number, values?: Values): string;
}

declare global {
  var postilTranslation: TranslationData | undefined;
  var postilWords: Words;
}

/* --- postil.js and document/ --- */

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

/** Listens to events until the page is left. */
export type Listen = <E extends Event>(
  target: EventTarget,
  event: string,
  act: (event: E) => void,
  more?: AddEventListenerOptions,
) => void;

/** What a sheet needs of the page that it lies over. */
export interface SheetsPage {
  /** Whether notes stand beside the text. */
  beside(): boolean;
  /** Goes to a neighbour of the note it shows. */
  walk(step: number): void;
  /** Shows the note that a link in it leads to, if it is a note of this page; says whether it was. */
  follow(link: HTMLAnchorElement, event: Event): boolean;
  /** Is told which note it showed. */
  closed(note: Note | null): void;
  /** Goes to the note on the words at this point beside the sheet; says whether there was one. */
  tapped(event: MouseEvent): boolean;
}

/** What filters need of their page. */
export interface FilteredPage {
  /** Is told that other notes are shown. */
  changed(): void;
  /** Is told what a reader's choice leads to: the first note of it, or none. */
  chosen(note: Note | null): void;
  /** Goes to a neighbour among the notes that are shown. */
  walk(step: number): void;
}

/** What a strip needs of its page. */
export interface StripsPage {
  /** Shows where the words of a note are. */
  point(note: Note): void;
  /** px from the top of the page to the top and the bottom of each note beside the text; null if none stand there. */
  places(): number[][] | null;
}

/** What gestures do with a sheet. */
export interface SheetsMoves {
  /** Draws it so many px down, or up if below zero, for as long as a finger is on it. */
  draw(down: number): void;
  /** Makes it higher (1), makes it lower or closes it (-1), or changes its height (0). */
  size(step: number): void;
  walk(step: number): void;
}

/** What the keys of a page do. */
export interface KeysPage {
  /** Shows something in the sheet. */
  show(title: string, content: Element): void;
  walk(step: number): void;
  leave(target: EventTarget | null): void;
  enter(target: EventTarget | null): void;
}

/* --- lists.js --- */

/** A value of a facet: as addresses have it, in words, in how many rows, and its shape if it has one. */
export type ListValue = [value: string, label: string, count: number, tone?: string, glyph?: string];

/** All rows of a list. `of`: by row, the places of its values. An order has the places of all rows. */
export interface ListData {
  facets: Record<string, { values: ListValue[]; of: number[][] }>;
  orders: Record<string, number[]>;
  rows: string[];
}
