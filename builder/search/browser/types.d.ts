/* What the scripts of search hand to one another, and read from the index. For the type checker and for people: it is
   not published. */

export type Facet = "type" | "kind" | "verdict" | "topic" | "person" | "technique" | "collection" | "language" | "year";

/** Facet -> what is known of it. */
export type ByFacet<T> = Record<Facet, T>;

/** A facet's values, each with its label and the number of parts that have it. */
export type FacetRow = [value: string, label: string, count: number];

/** words.json, as far as the browser reads it; words.py explains it. */
export interface Rules {
  space: string;
  break: string;
  gap: string;
  glue: string;
  join: string;
  divided: string;
  unspaced: string;
  cuts: { after: string }[];
  alike: Record<string, string>;
  compatible: string;
}

/** bundles.json: the addresses of programs and labels, and language -> folder of its bundle. */
export interface Listing {
  program: string;
  facets: string;
  engine: string;
  languages: Record<string, string>;
}

/** A file of texts: the number of its first page, and the texts once they are asked for. */
export interface Pack {
  first: number;
  address: string;
  texts: Promise<PageText[]> | null;
}

/** A page as the index keeps it. `title` is the number of words at the beginning of the text that are its title. */
export type PageText = [address: string, content: string, shown: StoredPage];
export interface StoredPage {
  title: string;
  type: string;
  language: string;
  notes: string;
  date: string;
  parts: [anchor: string, length: number, title: string | number, kind: string, verdict: string, tone: string][];
}

/** The index of one language, with what is known of all its pages and parts without loading them. */
export interface Bundle {
  address: string;
  language: string;
  /** The number of its first part among all parts of all bundles. */
  offset: number;
  /** By page: the number of its first part within the bundle; one more for the end. */
  first: Int32Array;
  /** By part: slots it fills, words of its title, place of its type, place of its first word, its page. */
  slots: Int32Array;
  title: Int32Array;
  type: Int32Array;
  starts: Int32Array;
  pages: Int32Array;
  packs: Pack[];
  /** By page: other languages of its notes; of an echo, the language of the page itself. */
  others: string[][];
  echoes: Map<number, PageOf>;
  /** Words that occur nearly everywhere. */
  common: string[];
  /** By page, once the facets are loaded. */
  dates: string[];
  /** The table of facets, if it was asked for with the others; null in it if that failed. */
  early: Promise<Table<FacetsHeader> | null> | null;
}

export type PageOf = [bundle: Bundle, page: number];

/** A table beside an index: its first line, and a reader of its columns in their order. */
export interface Table<Header> {
  header: Header;
  column: (length: number) => Int32Array;
}
export interface WordsHeader {
  pages: number;
  others: string[][];
  packs: [folder: string, pagesOfEach: number[]][];
  common: string[];
}
export interface FacetsHeader {
  dates: string[];
  facets: Record<string, { values: string[]; sets: number[][] }>;
}

/** A facet of one bundle: `sets` of places of values, and by part the place of its set. */
export interface BundleFacet {
  values: string[];
  sets: number[][];
  of: Int32Array;
}

/** A facet over all parts: sets of values, and by part the place of its set. */
export interface FacetColumn {
  sets: string[][];
  of: Int32Array;
}

/** What we use of Pagefind's program. */
export interface Engine {
  init(): Promise<void>;
  search(query: string): Promise<{ results: { id: string; words: number[] }[] }>;
}

/** What to load together with an index: the tables of facets, and what finds words. */
export interface Early {
  facets?: boolean;
  words?: boolean;
}

export interface Index {
  base: string;
  listing: Listing;
  bundles: Bundle[];
  /** Of parts. */
  total: number;
  /** Slots of a part. */
  average: number;
  engines: Promise<Engine[] | Error> | null;
  facets: Promise<ByFacet<FacetColumn>> | null;
}

/** Where something was found: page -> places of its words, by bundle. */
export type PagePlaces = Map<number, number[]>;
export type Places = Map<Bundle, PagePlaces>;

/** A word or a phrase of a query. `parts` are the words of a compound. */
export interface Term {
  text: string;
  words: string[];
  exact: boolean;
  parts: string[];
}

/** What a term counts in a part, its places on the page, and whether the word itself is there. */
export interface Hit {
  count: number;
  at: number[];
  sure: boolean;
}

/** By the number of a part. */
export type Hits = Map<number, Hit>;

/** Note that a term is at a place of a page. */
export type NoteHit = (bundle: Bundle, page: number, place: number, weight: number) => void;

export type Sort = "relevance" | "date";
export type Chosen = Partial<ByFacet<string[]>>;

/** What is searched for. */
export interface Wish {
  query?: string;
  facets?: Chosen;
  sort?: Sort;
  counting?: boolean;
}

export interface TermTotal {
  text: string;
  exact: boolean;
  total: number;
}

/** Value -> number of parts. */
export type Counts = Record<string, number>;

export interface Found {
  groups: Group[];
  total: number;
  without: number;
  terms: TermTotal[];
  left: string[];
}
export interface CountedFound extends Found {
  counts: ByFacet<Counts>;
}

/** A page that was found. `first` is the number of its first part. */
export interface Group {
  bundle: Bundle;
  page: number;
  first: number;
  date: string;
  score: number;
  parts: { part: number; own: number; score: number; at: number[] }[];
}

/** A word as it is shown: the space after it, and whether it was found. */
export interface Word {
  text: string;
  gap: string;
  found: boolean;
}

export interface Quoted {
  title: Word[];
  excerpt: Word[];
  before: boolean;
  after: boolean;
}

export interface Part extends Quoted {
  type: string;
  anchor: string;
  kind: string;
  verdict: string;
  tone: string;
  marked: string[];
}

export interface Page {
  address: string;
  title: string;
  type: string;
  language: string;
  notes: string;
  date: string;
  parts: Part[];
}

/* --- what is shown --- */

export interface Stamp {
  label: string;
  tone: string;
}

/** A part with where it leads and what kind of note it is. */
export interface ShownPart extends Part {
  address: string;
  stamp: Stamp;
}
export interface ShownPage extends Page {
  parts: ShownPart[];
}

/** A search whose results are shown step by step. `next` is the first page of what was found that is not shown. */
export interface Search extends Found {
  query: string;
  next: number;
}

/** The next few of the pages that were found, and the search as it then is. */
export interface Step {
  pages: ShownPage[];
  search: Search;
}

export type Find = typeof import("./find.js");

/** A page with notes as elements. `best` is that of the result that is ranked first. */
export interface ResultElements {
  head: HTMLAnchorElement;
  notes: HTMLAnchorElement[];
  best: HTMLAnchorElement;
}

/** Elements of the search page by their `data-postil-find`. */
export interface FindElements {
  form: HTMLFormElement;
  body: HTMLElement;
  query: HTMLInputElement;
  filters: HTMLDetailsElement;
  facets: HTMLElement;
  status: HTMLElement;
  sort: HTMLSelectElement;
  results: HTMLElement;
  offers: HTMLElement;
  more: HTMLButtonElement;
}

/** How the reader left the search page: how many pages were shown, and where the window was. */
export interface Seen {
  address: string;
  shown: number;
  at: number;
}
