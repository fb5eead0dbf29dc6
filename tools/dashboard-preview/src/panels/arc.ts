/** Angles are in degrees, clockwise from the top. */
export interface Circle {
  x: number;
  y: number;
}

/** An arc for a stroke. A whole circle is no arc: it ends just before its start. */
export function arc(center: Circle, radius: number, from: number, to: number): string {
  const end = Math.min(to, from + 359.99);
  return `M ${at(center, radius, from)} A ${radius} ${radius} 0 ${end - from > 180 ? 1 : 0} 1 ${at(center, radius, end)}`;
}

/** A piece of a pie, or of a ring if there is an inner radius. */
export function slice(center: Circle, inner: number, outer: number, from: number, to: number): string {
  const end = Math.min(to, from + 359.99);
  const large = end - from > 180 ? 1 : 0;
  const back = inner > 0 ? `L ${at(center, inner, end)} A ${inner} ${inner} 0 ${large} 0 ${at(center, inner, from)}` : `L ${center.x} ${center.y}`;
  return `${arc(center, outer, from, to)} ${back} Z`;
}

/** The point of a circle at an angle. */
export function pointAt({ x, y }: Circle, radius: number, angle: number): Circle {
  const radians = ((angle - 90) * Math.PI) / 180;
  return { x: x + radius * Math.cos(radians), y: y + radius * Math.sin(radians) };
}

function at(center: Circle, radius: number, angle: number): string {
  const { x, y } = pointAt(center, radius, angle);
  return `${x} ${y}`;
}
