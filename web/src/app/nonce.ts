// The word by which the content security policy knows the styles that the client adds itself.
declare global {
  // Where the styles that lock scrolling look for it.
  var __webpack_nonce__: string | undefined;
}

/** The word in the page, which a browser shows to scripts only as a property. */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}

export function nameStyles(): void {
  globalThis.__webpack_nonce__ = nonce() || undefined;
}
