/** A Zendesk ticket read back from the exact bytes of its request: what is shown is what is sent. */
import type { Envelope, Request } from "../../platform";
import type { Plain } from "../../document/tree";
import { said } from "../../text/core";
import { json, list, map, text } from "./cards/read";

export interface Ticket {
  readonly subject: string;
  readonly priority: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly fields: readonly { readonly id: string; readonly value: Plain }[];
  readonly note: string;
  readonly internal: boolean;
}

export function readTicket(request: Request | undefined): Ticket | undefined {
  const ticket = map(map(json(request?.body ?? ""))["ticket"]);
  if (Object.keys(ticket).length === 0) return undefined;
  const comment = map(ticket["comment"]);
  return {
    subject: text(ticket["subject"]),
    priority: text(ticket["priority"]),
    group: text(ticket["group_id"]),
    tags: list(ticket["tags"]).map(text),
    fields: list(ticket["custom_fields"]).map((field) => ({ id: text(map(field)["id"]), value: map(field)["value"] ?? null })),
    note: text(comment["body"]) || text(comment["html_body"]),
    internal: comment["public"] === false,
  };
}

export interface PayloadRow {
  readonly field: string;
  readonly value: Plain;
  readonly unset: boolean;
  /** A list with nothing in it, like what was tried before anything was. */
  readonly empty: boolean;
  /** How and why it is not shown as it is. */
  readonly redacted?: string;
  /** What it was before a change in this preview, where it was something else. */
  readonly was?: Plain;
}

/** The fields of the payload with what was masked and what is not known, marked; those that the context asks for first. */
export function payloadRows(envelope: Pick<Envelope, "payload" | "redacted"> | undefined, asked: readonly string[] = [], before?: Pick<Envelope, "payload">): PayloadRow[] {
  const redacted = new Map<string, string>();
  for (const one of envelope?.redacted ?? []) {
    const known = redacted.get(one.field);
    const why = said(one.why) || one.how;
    if (known === undefined) redacted.set(one.field, why);
    else if (!known.split("; ").includes(why)) redacted.set(one.field, `${known}; ${why}`);
  }
  const payload = envelope?.payload ?? {};
  const fields = [...asked, ...Object.keys(payload).filter((field) => !asked.includes(field))];
  return fields.map((field) => {
    const value = payload[field] ?? null;
    const why = redacted.get(field);
    const empty = Array.isArray(value) && value.length === 0;
    return { field, value, unset: value === null && why === undefined, empty, ...(why === undefined ? {} : { redacted: why }), ...wasOf(before, field, value) };
  });
}

function wasOf(before: Pick<Envelope, "payload"> | undefined, field: string, value: Plain): { readonly was?: Plain } {
  const was = before?.payload[field] ?? null;
  return before === undefined || JSON.stringify(was) === JSON.stringify(value) ? {} : { was };
}

/** A body as people can read it: JSON broken into lines, anything else as it is. */
export function readable(body: string): string {
  const parsed = json(body) ?? null;
  return parsed === null ? body : JSON.stringify(parsed, null, 2);
}
