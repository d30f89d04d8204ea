import { header, type RawRequest } from './request.js';

/** Query protocol parameters: the form body of a POST, the query string of a GET. */
export const readParameters = (request: RawRequest): URLSearchParams => {
  const isForm = header(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  return new URLSearchParams(
    isForm && request.body.length > 0 ? request.body.toString('utf8') : request.rawQuery,
  );
};

/** `Name.member.1`, `Name.member.2`, …, as far as they go. */
export const readList = (parameters: URLSearchParams, name: string, suffix = ''): string[] => {
  const values: string[] = [];
  for (let i = 1; ; i++) {
    const value = parameters.get(`${name}.member.${i}${suffix}`);
    if (value === null) return values;
    values.push(value);
  }
};

/** `Name.entry.1.key` and `Name.entry.1.value`, …: a map of the Query protocol. */
export const readMap = (parameters: URLSearchParams, name: string): Map<string, string> => {
  const map = new Map<string, string>();
  for (let i = 1; ; i++) {
    const key = parameters.get(`${name}.entry.${i}.key`);
    if (key === null) return map;
    map.set(key, parameters.get(`${name}.entry.${i}.value`) ?? '');
  }
};
