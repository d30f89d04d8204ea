import type { Schemas } from '../../api/client';
import { Input, Select } from '../../ui/field';
import { SearchForm } from '../../ui/search-form';
import { toLocalInput } from '../../ui/search-list';
import { methods, readLogSearch, type LogSearch } from './search';

const classes = [
  ['2xx', '2xx: accepted'],
  ['4xx', '4xx: refused'],
  ['5xx', '5xx: failed'],
] as const;

/** What requests are searched by; asked when the form is sent. */
export function LogFilters({
  search,
  keys,
  onSearch,
}: {
  search: LogSearch;
  keys: Schemas['ApiKeyList']['data'];
  onSearch: (search: LogSearch) => void;
}) {
  const { after: _, ...filters } = search;
  const { status, api_key_id: keyId } = search;
  return (
    <SearchForm label="Logs" filters={filters} onSearch={(fields) => onSearch(readLogSearch(fields))}>
      <Select label="Method" name="method" defaultValue={search.method ?? ''}>
        <option value="">All</option>
        {methods.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </Select>
      <Input
        label="Status"
        name="status"
        list="log-statuses"
        pattern="[1-5]([0-9][0-9]|xx)"
        title="A status such as 422, or a class such as 4xx"
        defaultValue={status}
      />
      <datalist id="log-statuses">
        {classes.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </datalist>
      <Input label="Path" name="endpoint" maxLength={320} defaultValue={search.endpoint} />
      <Select
        label="API key"
        name="api_key_id"
        // The choices come later than the form.
        key={keys.length}
        defaultValue={keyId ?? ''}
      >
        <option value="">All</option>
        {keyId !== undefined && !keys.some(({ id }) => id === keyId) && (
          <option value={keyId}>{keyId}</option>
        )}
        {keys.map((key) => (
          <option key={key.id} value={key.id}>
            {key.name}
          </option>
        ))}
      </Select>
      <Input label="From" name="since" type="datetime-local" defaultValue={toLocalInput(search.since)} />
      <Input label="Before" name="until" type="datetime-local" defaultValue={toLocalInput(search.until)} />
    </SearchForm>
  );
}
