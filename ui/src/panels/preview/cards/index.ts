/** One card a target: what the person there sees. A target without one gets the card that fits any. */
import type { Component } from "svelte";
import type { HandoffMade, Request } from "../../../platform";
import AnyTarget from "./AnyTarget.svelte";
import BotFrameworkHub from "./BotFrameworkHub.svelte";
import ConnectContact from "./ConnectContact.svelte";
import FlexTask from "./FlexTask.svelte";
import GenesysInteraction from "./GenesysInteraction.svelte";
import SalesforceCase from "./SalesforceCase.svelte";
import SalesforceMessaging from "./SalesforceMessaging.svelte";
import SunshineConversation from "./SunshineConversation.svelte";
import ZendeskTicket from "./ZendeskTicket.svelte";

export interface CardProps {
  readonly made: HandoffMade;
  readonly request: Request | undefined;
  readonly target?: string;
}

interface Desk {
  readonly title: string;
  readonly card: Component<CardProps>;
}

const DESKS: { readonly [target: string]: Desk } = {
  zendesk: { title: "Zendesk", card: ZendeskTicket },
  sunshine: { title: "Zendesk Messaging", card: SunshineConversation },
  "salesforce-case": { title: "Salesforce Case", card: SalesforceCase },
  "salesforce-messaging": { title: "Salesforce Messaging", card: SalesforceMessaging },
  "twilio-flex": { title: "Twilio Flex", card: FlexTask },
  genesys: { title: "Genesys Cloud", card: GenesysInteraction },
  "amazon-connect": { title: "Amazon Connect", card: ConnectContact },
  "bot-framework": { title: "Bot Framework", card: BotFrameworkHub },
};

export function deskOf(target: string): Desk {
  return DESKS[target] ?? { title: target, card: AnyTarget };
}
