import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { labelled, ticksTo } from './scale';

export interface Series {
  name: string;
  /** A colour of the design system. */
  color: string;
  /** Told apart without colours as well. */
  dashes?: string;
  values: readonly number[];
}

const HEIGHT = 240;
const TOP = 8;
const BOTTOM = 24;
const RIGHT = 12;
/** Pixels that a label of the time axis needs. */
const LABEL_WIDTH = 72;
/** With more places than this, dots would hide the line. */
const MAX_DOTS = 62;
const number = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: 'compact' });

/** Lines over time, with their figures under the pointer. The table below the chart says the same. */
export function Chart({
  label,
  times,
  series,
}: {
  label: string;
  /** What the places on the time axis are called. */
  times: readonly string[];
  series: readonly Series[];
}) {
  const [box, width] = useWidth();
  const [at, setAt] = useState<number>();
  const ticks = ticksTo(Math.max(0, ...series.flatMap(({ values }) => values)));
  const top = ticks.at(-1) ?? 1;
  const left = 12 + Math.max(...ticks.map((tick) => short.format(tick).length)) * 8;
  const inner = Math.max(1, width - left - RIGHT);
  const x = (index: number) => left + (times.length < 2 ? inner / 2 : (index / (times.length - 1)) * inner);
  const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const place = (event.clientX - event.currentTarget.getBoundingClientRect().left - left) / inner;
    setAt(Math.min(times.length - 1, Math.max(0, Math.round(place * (times.length - 1)))));
  };
  return (
    <figure ref={box}>
      <figcaption className="mb-2 flex min-h-6 flex-wrap gap-x-4 gap-y-1 text-sm">
        {series.map(({ name, color, dashes, values }) => (
          <span key={name} className="flex items-center gap-2">
            <svg aria-hidden width={20} height={4}>
              <line x2={20} y1={2} y2={2} stroke={color} strokeWidth={3} strokeDasharray={dashes} />
            </svg>
            {name}
            {at !== undefined && (
              <span className="font-medium tabular-nums">{number.format(values[at] ?? 0)}</span>
            )}
          </span>
        ))}
        {at !== undefined && <span className="ml-auto text-muted">{times[at]}</span>}
      </figcaption>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`${label}: ${series.map(({ name, values }) => `${name} at most ${number.format(Math.max(0, ...values))}`).join(', ')}. The table below has the figures.`}
        className="block text-muted"
        onPointerMove={point}
        onPointerLeave={() => setAt(undefined)}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={left} x2={left + inner} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
            <text
              x={left - 8}
              y={y(tick)}
              textAnchor="end"
              dominantBaseline="middle"
              fontSize={12}
              fill="currentColor"
            >
              {short.format(tick)}
            </text>
          </g>
        ))}
        {labelled(times.length, Math.floor(inner / LABEL_WIDTH)).map((index) => (
          <text
            key={index}
            x={x(index)}
            y={HEIGHT - 6}
            textAnchor={
              times.length > 1 && index === 0
                ? 'start'
                : index === times.length - 1 && index > 0
                  ? 'end'
                  : 'middle'
            }
            fontSize={12}
            fill="currentColor"
          >
            {times[index]}
          </text>
        ))}
        {at !== undefined && (
          <line x1={x(at)} x2={x(at)} y1={TOP} y2={HEIGHT - BOTTOM} stroke="var(--line-strong)" />
        )}
        {series.map(({ name, color, dashes, values }) => (
          <g key={name} stroke={color} fill={color}>
            <polyline
              points={values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
              fill="none"
              strokeWidth={2.5}
              strokeLinejoin="round"
              strokeDasharray={dashes}
            />
            {(values.length <= MAX_DOTS ? values : []).map((value, index) =>
              value === 0 ? null : <circle key={index} cx={x(index)} cy={y(value)} r={3} stroke="none" />,
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** The width that there is, so that letters and lines keep their size on a phone. */
function useWidth() {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width] as const;
}
