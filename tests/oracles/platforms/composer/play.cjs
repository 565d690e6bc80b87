// Plays conversations with an exported project and prints what came of each, a line of JSON for a line of the file.
//   node play.cjs PROJECT CONVERSATIONS
// Whoever plays is channel and hub at once, as the README of the export asks of them: what is known is told in the data of a
// message, and word of the queue and of people is `handoff.status`.
const fs = require("node:fs");
const { Bot } = require("./bot.cjs");

const NEWS = ["queue", "clock", "handoff", "agent", "action"];

const isEvent = (turn) =>
  turn.who === "user" ||
  turn.customer === "left" ||
  (turn.who !== "bot" && turn.who !== "agent" && NEWS.some((key) => key in turn));

/** What is told, by the names that a project has where two differ in upper and lower case alone. */
function byName(names, kind, values) {
  const known = Object.entries(names[kind] ?? {});
  const shared = (own) => known.some(([, other]) => other !== own && other.toLowerCase() === own.toLowerCase());
  const named = (own) => (shared(own) ? known.find(([, other]) => other === own)?.[0] : own) ?? own;
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [named(key), value]));
}

class Player {
  constructor(bot, conversation) {
    this.bot = bot;
    this.conversation = conversation;
    this.turns = conversation.turns.filter(isEvent);
    this.at = 0;
    this.queue = {};
    this.shut = {};
    this.waited = 0;
    this.talk = bot.talk(conversation.id);
    bot.answer = (card, call) => this.call(card, call);
  }

  /** The result of a call, if the next event is one. */
  call(card, call) {
    const next = this.turns[this.at];
    const node = card.split("/").pop();
    if (next && "action" in next && [node, card, call].includes(next.action)) {
      this.at += 1;
      return next;
    }
    return { status: "ok" };
  }

  async play() {
    await this.send({
      type: "conversationUpdate",
      membersAdded: [{ id: "customer" }],
      channelData: { handoff: { customer: this.conversation.customer ?? {} } },
    });
    while (this.at < this.turns.length) {
      const turn = this.turns[this.at];
      this.at += 1;
      if (turn.customer === "left" || ["end", "error"].includes(this.where)) break;
      if (turn.who === "user") await this.customer(turn);
      else if ("queue" in turn) await this.queued(turn);
      else if ("clock" in turn) await this.passed(turn);
      else if ("handoff" in turn) await this.hub(turn);
      else if ("agent" in turn) await this.person(turn);
    }
    return this.told();
  }

  named(kind, values) {
    return byName(this.bot.project.names, kind, values);
  }

  get where() {
    return this.talk.memory?.where;
  }

  async send(activity) {
    const before = this.talk.requests.length;
    await this.talk.send(activity);
    if (this.talk.requests.length > before) this.waited = 0;
    // A hub answers every ticket; where the conversation says nothing of it, it has arrived.
    while (this.where === "asked") {
      const next = this.turns[this.at];
      const answer = next && "handoff" in next ? next : { handoff: "sent" };
      if (answer === next) this.at += 1;
      const state = answer.handoff === "failed" ? "failed" : "accepted";
      await this.status({ state, ref: answer.ref });
    }
  }

  status(value) {
    return this.send({ type: "event", name: "handoff.status", value });
  }

  async customer(turn) {
    const told = {};
    for (const key of ["intent", "confidence", "sentiment", "frustration", "channel", "nlu", "entities", "signals"]) {
      told[key] = turn[key];
    }
    // What a turn does not say is not known of it, whatever a recognizer would make of the words.
    for (const key of ["intent", "confidence", "sentiment", "channel"]) told[key] ??= null;
    told.entities ??= {};
    for (const kind of ["entities", "signals"]) if (told[kind]) told[kind] = this.named(kind, told[kind]);
    if (Object.keys(this.queue).length) told.queue = this.named("tiers", this.queue);
    this.queue = {};
    await this.send({ type: "message", text: turn.text ?? undefined, channelData: { handoff: told } });
  }

  async queued(turn) {
    const { queue, t, ...figures } = turn;
    this.queue[queue] = { ...this.queue[queue], ...figures };
    if ("open" in figures) this.shut[queue] = figures.open === false;
    await this.figures();
    if (this.where === "waiting" && this.shut[this.talk.requests.at(-1).tier]) {
      await this.status({ state: "failed", reason: "closed" });
    }
  }

  /** The figures of queues as the hub tells them. */
  async figures() {
    await this.send({ type: "event", name: "handoff.queue", channelData: { handoff: { queue: this.named("tiers", this.queue) } } });
    this.queue = {};
  }

  async passed(turn) {
    if (this.where !== "waiting" || typeof turn.clock !== "number") return;
    this.waited += turn.clock;
    const most = this.talk.requests.at(-1).max_wait;
    if (typeof most === "number" && this.waited > most) await this.status({ state: "failed", reason: "timeout" });
  }

  async hub(turn) {
    if (turn.handoff === "failed") await this.status({ state: "failed" });
    if (turn.handoff === "sent") await this.status({ state: "sent", ref: turn.ref });
  }

  async person(turn) {
    const { agent, name, note, outcome, slots } = turn;
    if (agent === "accepted") return this.status({ state: "accepted", name });
    if (["resumed", "resolved", "escalated"].includes(agent)) {
      return this.status({ state: "completed", ended: agent, name, note, outcome, slots });
    }
    return this.status({ state: agent, name });
  }

  told() {
    const memory = this.talk.memory ?? {};
    const places = Object.entries(memory.at ?? {}).filter(([, node]) => node);
    const flows = Object.fromEntries(places.map(([key, node]) => [this.bot.project.names.flows[key], node]));
    return {
      id: this.conversation.id,
      requests: this.talk.requests,
      said: this.talk.said,
      where: memory.where ?? null,
      outcome: memory.outcome ?? null,
      flows,
    };
  }
}

(async () => {
  const [project, file] = process.argv.slice(2);
  const bot = await Bot.open(project);
  for (const line of fs.readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const conversation = JSON.parse(line);
    let told;
    try {
      told = await new Player(bot, conversation).play();
    } catch (error) {
      told = { id: conversation.id, broke: String(error.stack ?? error).slice(0, 900) };
    }
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }
  bot.close();
})();
