// The page's own data and its sentences, which the server puts into a JSON block; knows no page.

const page = JSON.parse(document.getElementById("page").textContent);
let language = page.language;

export function pageData() {
  return page;
}

export function currentLanguage() {
  return language;
}

export function setLanguage(wanted) {
  language = wanted;
}

/** Translates an English sentence and fills in its fields, {n} by fields.n. */
export function t(sentence, fields, lang) {
  const texts = page.texts[lang || language] || {};
  const found = Object.prototype.hasOwnProperty.call(texts, sentence) ? texts[sentence] : sentence;
  return fields ? found.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? String(fields[name]) : whole)) : found;
}

/** The field of a thing in the page's language: name / name_en. */
export function named(thing, field, lang) {
  const key = field || "name";
  const english = thing[key + "_en"];
  return (lang || language) === "zh" || !english ? thing[key] : english;
}

/** One of {zh, en}. */
export function spoken(text, lang) {
  return text ? text[lang || language] || text.zh : "";
}
