import { useState } from 'react';
import { Button } from '../../ui/button';
import { Input, Select } from '../../ui/field';
import { ranges, type Granularity, type Range } from './ranges';

export interface Filter {
  domain?: string;
  /** A tag's name. */
  tag?: string;
  tagValue?: string;
}

const granularityNames: Readonly<Record<Granularity, string>> = {
  hour: 'Hours',
  day: 'Days',
  week: 'Weeks',
  month: 'Months',
};

/** Of what time, in which steps, and of which mail. */
export function Filters({
  range,
  granularity,
  filter,
  domains,
  tagValues,
  onRange,
  onGranularity,
  onFilter,
}: {
  range: Range;
  granularity: Granularity;
  filter: Filter;
  /** That mail was sent from. */
  domains: readonly string[];
  /** Of the chosen tag. */
  tagValues: readonly string[];
  onRange: (range: Range) => void;
  onGranularity: (granularity: Granularity) => void;
  onFilter: (filter: Filter) => void;
}) {
  const [tag, setTag] = useState(filter.tag ?? '');
  const { domain, tagValue } = filter;
  const withTag = (name: string, value?: string): Filter => ({
    ...(domain !== undefined && { domain }),
    ...(name !== '' && { tag: name }),
    ...(name !== '' && value !== undefined && value !== '' && { tagValue: value }),
  });
  return (
    <div className="mb-5 grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:grid-cols-5">
      <Select label="Time" value={range} onChange={(event) => onRange(event.target.value as Range)}>
        {Object.entries(ranges).map(([name, { text }]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </Select>
      <Select
        label="By"
        value={granularity}
        onChange={(event) => onGranularity(event.target.value as Granularity)}
      >
        {ranges[range].by.map((name) => (
          <option key={name} value={name}>
            {granularityNames[name]}
          </option>
        ))}
      </Select>
      <Select
        label="Domain of From"
        value={domain ?? ''}
        onChange={(event) =>
          onFilter({
            ...(filter.tag !== undefined && { tag: filter.tag }),
            ...(tagValue !== undefined && { tagValue }),
            ...(event.target.value !== '' && { domain: event.target.value }),
          })
        }
      >
        <option value="">All</option>
        {[...new Set([...domains, ...(domain === undefined ? [] : [domain])])].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <form
        className="col-span-2 flex items-end gap-2 sm:col-span-1 [&>div]:min-w-0 [&>div]:flex-1"
        onSubmit={(event) => {
          event.preventDefault();
          onFilter(withTag(tag.trim()));
        }}
      >
        <Input
          label="Tag"
          placeholder="its name"
          maxLength={256}
          value={tag}
          onChange={(event) => setTag(event.target.value)}
        />
        <Button type="submit" disabled={tag.trim() === (filter.tag ?? '')}>
          Filter
        </Button>
      </form>
      {filter.tag !== undefined && (
        <Select
          label={`Value of ${filter.tag}`}
          value={tagValue ?? ''}
          onChange={(event) => onFilter(withTag(filter.tag ?? '', event.target.value))}
        >
          <option value="">All</option>
          {[...new Set([...tagValues, ...(tagValue === undefined ? [] : [tagValue])])].map((value) => (
            <option key={value}>{value}</option>
          ))}
        </Select>
      )}
    </div>
  );
}
