// The face of a rating level, drawn in the colour of the text around it.

const SVG = "http://www.w3.org/2000/svg";

export const faceOf = (level) => "/static/pages/faces.svg#face-" + level;

export function face(level, name) {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("aria-hidden", "true");
  if (name) icon.setAttribute("class", name);
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", faceOf(level));
  icon.append(use);
  return icon;
}
