/** Texts and other values that the server wrote into the page as JSON, in the reader's language. */

/** Reads `<script type="application/json" id="...">`. Throws when the page has none: that is a fault of the page. */
export function readJson<T>(id: string): T {
  const source = document.getElementById(id)?.textContent;
  if (!source) throw new Error(`no JSON in #${id}`);
  return JSON.parse(source) as T;
}

/** Puts values into a text of gettext's form: `fill("%(name)s is typing", { name })`. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/%\((\w+)\)[sd]/g, (whole, name: string) => String(values[name] ?? whole));
}
