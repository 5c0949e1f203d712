// Languages: loading, choosing, remembering, and the direction of the document.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { isolated } from "./isolated";

export const LANGUAGES = [
  { code: "en", name: "English", dir: "ltr", locale: "en-GB" },
  { code: "ur", name: "اردو", dir: "rtl", locale: "ur-PK" },
] as const;

export type Language = (typeof LANGUAGES)[number];
export type LanguageCode = Language["code"];

const CHOICE = "maristan.language";

const loaders: Record<LanguageCode, () => Promise<{ texts: Record<string, unknown> }>> = {
  en: () => import("./languages/en"),
  ur: () => import("./languages/ur"),
};

export const i18n = i18next.createInstance();
// Before anybody else hears of it: requests name the language that the document is marked with.
i18n.on("languageChanged", (code) => mark(languageOf(code)));

export function languageOf(code: string | null | undefined): Language {
  const wanted = code?.slice(0, 2).toLowerCase();
  return LANGUAGES.find((language) => language.code === wanted) ?? LANGUAGES[0];
}

/** The texts of a language, for a page that shows one beside the reader's own. */
export async function load(code: LanguageCode): Promise<void> {
  if (i18n.hasResourceBundle(code, "translation")) return;
  const { texts } = await loaders[code]();
  i18n.addResourceBundle(code, "translation", texts);
}

function mark(language: Language): void {
  document.documentElement.lang = language.code;
  document.documentElement.dir = language.dir;
}

export function rememberedLanguage(): Language {
  return languageOf(localStorage.getItem(CHOICE) ?? navigator.language);
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A value within a sentence: isolated where it has letters and may run the other way. */
function settled(value: string): string {
  const isForeign = document.documentElement.dir === "rtl" ? /\p{L}/u.test(value) : RIGHT_TO_LEFT.test(value);
  return isForeign ? isolated(value) : value;
}

/** English stays loaded behind any other language, so a text is never a bare key. */
export async function startI18n(language: Language = rememberedLanguage()): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: language.code,
    fallbackLng: "en",
    resources: {},
    // React escapes what it shows; here values are kept from disturbing the sentence around them.
    interpolation: { escapeValue: true, escape: settled },
  });
  await Promise.all([load("en"), load(language.code)]);
}

export async function switchLanguage(code: LanguageCode): Promise<void> {
  await load(code);
  await i18n.changeLanguage(code);
  localStorage.setItem(CHOICE, code);
}

let adoptedFor = "";

/** Once for each `reader`: the language that the account keeps, else the institution's where none was ever chosen. */
export async function adoptLanguage(
  reader: string,
  kept: string | null | undefined,
  locale: string | undefined,
): Promise<void> {
  if (adoptedFor === reader) return;
  adoptedFor = reader;
  const wanted = kept ?? (localStorage.getItem(CHOICE) ? undefined : locale);
  const language = languageOf(wanted);
  if (!wanted || i18n.language === language.code) return;
  await load(language.code);
  await i18n.changeLanguage(language.code);
}
