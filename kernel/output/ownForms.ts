/** The forms of a value beside its text. */

/** Forms by MIME type. Without `text/plain`, the text is that of `inspect`. */
export type OwnForms = Readonly<Record<string, unknown>>;
