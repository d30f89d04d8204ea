import { useApiQuery, useProjectId } from '../../api/hooks';
import { Input, Select } from '../../ui/field';
import { SearchForm } from '../../ui/search-form';
import { toLocalInput } from '../../ui/search-list';
import { readEmailSearch, statuses, type EmailSearch } from './search';

/** What emails are searched by. Nothing is asked until the form is sent: each search reads many rows. */
export function EmailFilters({
  search,
  onSearch,
}: {
  search: EmailSearch;
  onSearch: (search: EmailSearch) => void;
}) {
  const id = useProjectId();
  const connections = useApiQuery(['connections'], (api) =>
    api.GET('/v1/projects/{id}/connections', { params: { path: { id } } }),
  );
  const known = connections.data?.data ?? [];
  const chosen = search.connection_id;
  const { after: _, ...filters } = search;
  return (
    <SearchForm label="Emails" filters={filters} onSearch={(fields) => onSearch(readEmailSearch(fields))}>
      <Input label="Recipient" name="recipient" maxLength={320} defaultValue={search.recipient} />
      <Input label="Subject" name="subject" maxLength={320} defaultValue={search.subject} />
      <Select label="Status" name="status" defaultValue={search.status ?? ''}>
        <option value="">All</option>
        {statuses.map((one) => (
          <option key={one} value={one}>
            {one.replaceAll('_', ' ')}
          </option>
        ))}
      </Select>
      <Select
        label="Connection"
        name="connection_id"
        // The choices come later than the form.
        key={known.length}
        defaultValue={chosen ?? ''}
      >
        <option value="">All</option>
        {chosen !== undefined && !known.some((one) => one.id === chosen) && (
          <option value={chosen}>{chosen}</option>
        )}
        {known.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name} ({one.region})
          </option>
        ))}
      </Select>
      <Input label="Tag" name="tag" maxLength={256} defaultValue={search.tag} />
      <Input label="Tag value" name="tag_value" maxLength={256} defaultValue={search.tag_value} />
      <Input
        label="SES message ID"
        name="ses_message_id"
        maxLength={320}
        defaultValue={search.ses_message_id}
      />
      <Input
        label="Accepted from"
        name="since"
        type="datetime-local"
        defaultValue={toLocalInput(search.since)}
      />
      <Input
        label="Accepted before"
        name="until"
        type="datetime-local"
        defaultValue={toLocalInput(search.until)}
      />
    </SearchForm>
  );
}
