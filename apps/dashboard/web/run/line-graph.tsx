interface LineGraphProps {
  readonly title: string;
  readonly values: readonly number[];
  readonly format: (value: number) => string;
}

const width = 300;
const height = 64;

/** A small graph of a value over time, with its newest value. */
export function LineGraph({ title, values, format }: LineGraphProps) {
  const most = Math.max(...values, 0) || 1;
  const points = values.map((value, index) => {
    const x = values.length < 2 ? width : (index / (values.length - 1)) * width;
    return `${x.toFixed(1)},${(height - 2 - (value / most) * (height - 6)).toFixed(1)}`;
  });
  const last = values.at(-1);
  return (
    <figure className="graph card">
      <figcaption className="row">
        <span className="grow soft">{title}</span>
        <strong className="number">{last === undefined ? "…" : format(last)}</strong>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${title} over time`}>
        {points.length < 2 ? null : (
          <>
            <polygon points={`0,${height} ${points.join(" ")} ${width},${height}`} className="graph__area" />
            <polyline points={points.join(" ")} className="graph__line" />
          </>
        )}
      </svg>
      <span className="faint number">at most {format(values.length === 0 ? 0 : most)}</span>
    </figure>
  );
}
