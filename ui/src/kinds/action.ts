import { map, text } from "../document/tree";
import { dotted, keyPort, mapPorts, seconds, type About, type Kind, type Port } from "./kind";

/** The errors that are drawn, then those that the call declares and nobody has drawn yet. */
function errorPorts(drawn: readonly Port[], call: string, about: About): Port[] {
  const known = new Set(drawn.map((port) => port.id));
  const open = about
    .errors(call)
    .map(([code, title]): Port => ({ id: `errors.${code}`, label: code, detail: title, to: null }));
  return [...drawn, ...open.filter((port) => !known.has(port.id))];
}

export const action: Kind = {
  id: "action",
  icon: [
    "M15.914 4a1.5 1.5 0 00-2.474-1.561l-9 9A1.5 1.5 0 005.5 14h4.002a.5.5 0 01.471.666L8.086 20a1.5 1.5 0 002.475 1.56l9-9A1.5 1.5 0 0018.5 10h-3.997a.5.5 0 01-.472-.667z",
  ],
  color: "--kind-action",
  follows: true,
  substance: (entry) => {
    const limit = Number(text(entry, ["time_limit"]));
    return dotted([text(entry, ["call"]), limit > 0 ? seconds(limit) : ""]);
  },
  ports: (entry, about) => {
    const drawn = mapPorts(entry, "errors", (code) => code);
    return [
      keyPort(entry, "ok"),
      ...errorPorts(drawn, text(entry, ["call"]), about),
      keyPort(entry, "error"),
      keyPort(entry, "timeout"),
    ];
  },
  create: (about) =>
    map([
      ["kind", "action"],
      ["call", about.first("calls")],
    ]),
};
