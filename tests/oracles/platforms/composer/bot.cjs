// An exported project in the adaptive runtime itself. Nothing of the project is changed; what is patched is the runtime's own
// gap: SendHandoffActivity 4.23.3 has no onComputeId (botbuilder-js #3908), so that no dialog with one can be loaded.
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { createRequire } = require("node:module");
const { once } = require("node:events");

const packages = createRequire(path.join(process.env.COMPOSER_PACKAGES, "package.json"));
const { ConversationState, MemoryStorage, RegisterClassMiddleware, TestAdapter, UserState, useBotState } = packages("botbuilder");
const { DialogManager, DialogTurnStateConstants, DialogsBotComponent } = packages("botbuilder-dialogs");
const adaptive = packages("botbuilder-dialogs-adaptive");
const { AdaptiveTestBotComponent } = packages("botbuilder-dialogs-adaptive-testing");
const { ServiceCollection, noOpConfiguration } = packages("botbuilder-dialogs-adaptive-runtime-core");
const { ResourceExplorer } = packages("botbuilder-dialogs-declarative");

if (!Object.hasOwn(adaptive.SendHandoffActivity.prototype, "onComputeId")) {
  adaptive.SendHandoffActivity.prototype.onComputeId = function computeId() {
    return `SendHandoffActivity[${this.context?.toString() ?? ""}]`;
  };
}

const COMPONENTS = [
  DialogsBotComponent,
  adaptive.AdaptiveBotComponent,
  adaptive.LanguageGenerationBotComponent,
  AdaptiveTestBotComponent,
];

function explorer(...folders) {
  const services = new ServiceCollection({ declarativeTypes: [], memoryScopes: [], pathResolvers: [] });
  for (const Component of COMPONENTS) new Component().configureServices(services, noOpConfiguration);
  const made = new ResourceExplorer({ declarativeTypes: services.mustMakeInstance("declarativeTypes") });
  for (const folder of folders) made.addFolder(folder, true, false);
  return made;
}

function projectOf(folder) {
  const file = fs.readdirSync(folder).find((name) => name.endsWith(".botproj"));
  const bot = path.basename(file, ".botproj");
  const settings = JSON.parse(fs.readFileSync(path.join(folder, "settings", "appsettings.json"), "utf8"));
  const names = JSON.parse(fs.readFileSync(path.join(folder, "names.json"), "utf8"));
  return { bot, settings, names, folder };
}

/** A bot that talks to one conversation after another; `answer(card, call, inputs)` is what its calls get. */
class Bot {
  static async open(folder) {
    const bot = new Bot();
    bot.project = projectOf(folder);
    bot.explorer = explorer(folder);
    bot.root = bot.explorer.loadType(`${bot.project.bot}.dialog`);
    bot.answer = () => ({ status: "ok" });
    bot.server = http.createServer((request, response) => bot.serve(request, response));
    bot.server.listen(0, "127.0.0.1");
    await once(bot.server, "listening");
    const base = `http://127.0.0.1:${bot.server.address().port}`;
    bot.settings = { calls: {} };
    for (const key of Object.keys(bot.project.settings.calls)) bot.settings.calls[key] = `${base}/${key}`;
    return bot;
  }

  async serve(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const call = this.project.names.calls[request.url.slice(1)];
    const inputs = parts.length ? JSON.parse(Buffer.concat(parts).toString("utf8")) : {};
    const result = this.answer(request.headers["x-handoff-card"], call, inputs);
    response.statusCode = { ok: 200, timeout: 504, error: 422 }[result.status ?? "ok"] ?? 200;
    response.setHeader("content-type", "application/json");
    // A connection that lies idle is closed by one side just when the other one asks.
    response.setHeader("connection", "close");
    response.end(JSON.stringify({ data: result.data, code: result.code, message: result.message }));
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  talk(id) {
    return new Talk(this, id);
  }
}

/** One conversation. */
class Talk {
  constructor(bot, id) {
    this.bot = bot;
    const storage = new MemoryStorage();
    this.adapter = new TestAdapter(TestAdapter.createConversation(id));
    this.conversation = new ConversationState(storage);
    useBotState(this.adapter, new UserState(storage), this.conversation);
    // A manager keeps the state that it has seen first.
    this.manager = new DialogManager(bot.root);
    adaptive.ResourceExtensions.useResourceExplorer(this.manager, bot.explorer);
    adaptive.LanguageGeneratorExtensions.useLanguageGeneration(this.manager);
    this.adapter.use(new RegisterClassMiddleware(bot.settings, DialogTurnStateConstants.configuration));
    this.said = [];
    this.requests = [];
  }

  async send(activity) {
    let memory = {};
    await this.adapter.processActivity({ ...activity, locale: "en-us" }, async (context) => {
      const result = await this.manager.onTurn(context);
      memory = this.conversation.get(context) ?? {};
      return result;
    });
    for (let reply = this.adapter.activeQueue.shift(); reply; reply = this.adapter.activeQueue.shift()) {
      if (reply.type === "message") this.said.push(reply.text);
      if (reply.type === "event" && reply.name === "handoff.initiate") this.requests.push(structuredClone(reply.value));
    }
    this.memory = memory;
    return memory;
  }
}

module.exports = { Bot, explorer, packages, projectOf };
