/* What a theme may bring along. */

interface Window {
  /** Material's: tells of each page that it puts in. Absent in other themes, and without instant navigation. */
  document$?: { subscribe(next: () => void): unknown };
}
