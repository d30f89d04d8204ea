export interface Series {
  name: string;
  /** A colour of the design system. */
  color: string;
  values: readonly number[];
}

const width = 720;
const height = 200;

/** Lines over time. The table below the chart says the same in figures. */
export function Chart({ label, series }: { label: string; series: readonly Series[] }) {
  const top = Math.max(1, ...series.flatMap(({ values }) => values));
  const points = (values: readonly number[]) =>
    values
      .map((value, index) => {
        const x = values.length < 2 ? width / 2 : (index / (values.length - 1)) * width;
        return `${x.toFixed(1)},${(height - (value / top) * (height - 10)).toFixed(1)}`;
      })
      .join(' ');
  return (
    <figure>
      <svg
        viewBox={`0 0 ${width} ${height + 4}`}
        role="img"
        aria-label={`${label}, at most ${top}`}
        className="w-full"
      >
        {[0, 0.5, 1].map((part) => (
          <line
            key={part}
            x1={0}
            x2={width}
            y1={height - part * (height - 10)}
            y2={height - part * (height - 10)}
            stroke="var(--line)"
          />
        ))}
        {series.map(({ name, color, values }) => (
          <polyline
            key={name}
            points={points(values)}
            fill="none"
            stroke={color}
            strokeWidth={2.5}
            strokeLinejoin="round"
          />
        ))}
      </svg>
      <figcaption className="mt-2 flex flex-wrap gap-4 text-sm">
        {series.map(({ name, color }) => (
          <span key={name} className="flex items-center gap-2">
            <span aria-hidden className="h-1 w-4 rounded" style={{ background: color }} />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
