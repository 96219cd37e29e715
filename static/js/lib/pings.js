/* What a ping names: {"topic": "lane:1:2", "kinds": {"conversation.opened": [7, 8]}} means conversations 7 and 8;
   the topic "*" means that pings were lost on the way.                                                        */

export const touched = (ping) =>
  ping.conversation ? [ping.conversation] : Object.values(ping.kinds ?? {}).flat();

export const anything = (ping) => ping.topic === "*";
