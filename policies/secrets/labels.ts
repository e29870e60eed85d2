/** Words for a password in a form. */
const LABEL =
  /^(?:Passwor[dt]|Kennwort|Wachtwoord|Contraseña|Clave|Senha|Palavra-passe|Hasło|Heslo|Lösenord|Adgangskode|Passord|Salasana|Parola|Parolă|Şifre|Jelszó|Lozinka|Geslo|Parool|Parole|[\p{scx=Cyrillic}\p{scx=Greek}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Arabic}\p{scx=Hebrew}\p{scx=Thai} ]+)$/u;

/** What a field of a form says, in whatever language: a word for a password, a question, or a capital and several words. */
export function isLabel(value: string): boolean {
  const words = value.split(" ");
  return (
    LABEL.test(value) ||
    /^\p{L}\P{N}*[?:…]$/u.test(value) ||
    (words.length > 1 &&
      /^\p{Lu}/u.test(value) &&
      words.every((word) => !/\p{N}/u.test(word) || /^\p{N}+$/u.test(word)))
  );
}

/** Files of one language by their name: `de.json`, `messages_fr.properties`, `pt-BR.yaml`, `locale.json`. */
const LANGUAGE_FILE =
  /(?:^|[._-])(?:[a-z]{2}(?:[-_][A-Za-z]{2})?|locales?|i18n|translations?|messages|strings)\.(?:json|ya?ml|properties|ftl|js|ts)$/;

/** Whether a file holds the texts of an interface: it is named after a language, and most of its values are written for people. */
export function isTranslation(key: string, values: readonly string[]): boolean {
  const labels = values.filter((value) => isForPeople(value)).length;
  return LANGUAGE_FILE.test(key) && labels * 2 > values.length;
}

/** Whether a text has no figures, as words have none; generated credentials do. */
export function isWording(value: string): boolean {
  return !/\p{N}/u.test(value);
}

function isForPeople(value: string): boolean {
  return isLabel(value) || /^\p{Lu}\p{Ll}+/u.test(value) || /^\p{L}+(?:[,']? \p{L}+)+/u.test(value);
}
