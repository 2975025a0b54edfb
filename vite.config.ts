import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL("./static", import.meta.url));

/** Every folder in static/islands that has a main.ts is an entry, named after the folder. */
function islands(): Record<string, string> {
  const names = readdirSync(`${root}/islands`).filter((name) => existsSync(`${root}/islands/${name}/main.ts`));
  return Object.fromEntries(names.map((name) => [name, `${root}/islands/${name}/main.ts`]));
}

/** What the directory is printed with (SIL Open Font License 1.1), for every script that its names are written in. */
const PRINTED_WITH = [
  "@embedpdf/fonts-latin/fonts/NotoSans-Regular.ttf",
  "@embedpdf/fonts-latin/fonts/NotoSans-Bold.ttf",
  "@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Regular.ttf",
  "@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Bold.ttf",
  "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf",
  "@embedpdf/fonts-kr/fonts/NotoSansKR-Regular.otf",
  "@expo-google-fonts/noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf",
  "@expo-google-fonts/noto-sans-georgian/400Regular/NotoSansGeorgian_400Regular.ttf",
  "@expo-google-fonts/noto-sans-ethiopic/400Regular/NotoSansEthiopic_400Regular.ttf",
  "@embedpdf/fonts-latin/LICENSE",
];

/** The fonts beside the build, where the server finds them in a checkout and in a wheel alike. */
function fonts(): Plugin {
  const modules = fileURLToPath(new URL("./node_modules", import.meta.url));
  return {
    name: "fonts-to-print-with",
    closeBundle() {
      mkdirSync(`${root}/dist/fonts`, { recursive: true });
      for (const file of PRINTED_WITH) {
        copyFileSync(`${modules}/${file}`, `${root}/dist/fonts/${basename(file)}`);
      }
    },
  };
}

export default defineConfig({
  root,
  // Flask serves the built folder itself at /static, in a checkout and in a wheel alike.
  base: "/static/",
  publicDir: "public",
  plugins: [fonts()],
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
