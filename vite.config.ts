import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL("./static", import.meta.url));

/** Every folder in static/islands that has a main.ts is an entry, named after the folder. */
function islands(): Record<string, string> {
  const names = readdirSync(`${root}/islands`).filter((name) => existsSync(`${root}/islands/${name}/main.ts`));
  return Object.fromEntries(names.map((name) => [name, `${root}/islands/${name}/main.ts`]));
}

export default defineConfig({
  root,
  // Flask serves the built folder itself at /static, in a checkout and in a wheel alike.
  base: "/static/",
  publicDir: "public",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2023",
    // light-dark() and :dir() are used as written; older targets would have them rewritten into variables.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // A data: URI would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // livekit-client alone is larger than the default limit; it is loaded in the room and nowhere else.
    chunkSizeWarningLimit: 900,
    rolldownOptions: { input: { styles: `${root}/styles/main.css`, ...islands() } },
  },
});
