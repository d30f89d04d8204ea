/** RFC 6266: the name as far as ASCII goes for old programs, then in full. */
export function contentDisposition(filename: string): string {
  const ascii = filename.replace(/[^ -~]|["\\%]/g, '_');
  const full = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`;
}
