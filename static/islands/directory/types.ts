/** What the server sends: texts with the page, suggestions from /directory/search.json. */

export interface Texts {
  suggestions: string;
  none: string;
  failed: string;
}

export interface Suggestion {
  name: string;
  detail: string;
  /** BCP 47 code and direction of the name, where it is not in the page's language. */
  language: string;
  direction: string;
  url: string;
}

export interface Answer {
  results: Suggestion[];
  /** "3 results", for screen readers. */
  words: string;
}
