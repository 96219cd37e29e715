"""What they say. Braces are filled anew each time, so that a morning is never the same twice."""

SLOTS = {
    "flight": ["NW214", "NW871", "NW305", "NW1180", "NW462", "NW99", "NW733"],
    "city": ["Oslo", "Porto", "Leeds", "Gdansk", "Bergen", "Turin", "Cork", "Lyon"],
    "n": ["2", "3", "4", "5", "6"],
    "hour": ["seven", "eight", "nine", "ten", "eleven"],
    "thing": ["a blue pushchair", "my cello case", "a grey suitcase", "two bags", "a red rucksack"],
    "plan": ["Lumo 20", "Lumo 50", "Lumo Family", "Lumo Easy"],
    "area": ["Ashford", "Mill Lane", "the harbour", "Kingsway", "Old Town", "the east side", "Brook Green"],
    "sum": ["14", "23", "38", "61", "112"],
}

# brand → kind of talk → lines in English.
QUESTIONS = {
    "air": [
        "@northwindair is {flight} to {city} on time today? The board says one thing and the app another",
        "@northwindair can I bring a folding bike as hand luggage to {city}?",
        "Hi @northwindair, how do I add a meal for my daughter? She is coeliac and we fly on Friday",
        "@northwindair the app will not let me check in for {flight}, it just spins. Anything I can do?",
        "@northwindair do you still have the family lane in {city}?",
        "Quick one @northwindair: does a voucher work for seats, or only for fares?",
        "@northwindair I changed my name after the wedding. What do I need to fly to {city} next week?",
        "@northwindair is there a way to sit together with {n} kids without paying for every seat?",
        "@northwindair lost property in {city}: whom do I ring about {thing}?",
        "Is the lounge in {city} open at {hour}, @northwindair?",
    ],
    "mobile": [
        "@lumomobile can I move my number to {plan} without a new SIM?",
        "@lumomobile what does roaming in Norway cost on {plan}?",
        "Hi @lumomobile, my eSIM says 'activating' since {hour} this morning. Normal?",
        "@lumomobile how long does it take to bring my number over? It has been {n} days",
        "@lumomobile is there a limit on tethering with {plan}?",
        "@lumomobile I am moving abroad in March, how do I end the contract?",
        "@lumomobile where do I see how much data the kids have left?",
        "@lumomobile does the shop in {area} repair screens?",
        "Can I pay the bill on the 15th instead of the 1st, @lumomobile?",
        "@lumomobile voicemail greeting is gone after the update. How do I get it back?",
    ],
}
COMPLAINTS = {
    "air": [
        "@northwindair {flight} has been on the tarmac for {n} hours. Not one word from the crew. Not one.",
        "{n} weeks for a refund, @northwindair. I have been patient. I am no longer patient.",
        "@northwindair you sent {thing} to {city}. I am not in {city}. I have never been in {city}.",
        "@northwindair paid for the window, got the aisle next to the toilet, and was told to be glad",
        "Third cancelled flight this month @northwindair. My grandmother's funeral was at {hour}.",
        "@northwindair your chat closed on me after 40 minutes in the queue. Twice.",
        "@northwindair charged {sum} for a bag that is 1 cm too long. One. Centimetre.",
    ],
    "mobile": [
        "@lumomobile why is my bill {sum} higher than last month? Nothing changed!",
        "@lumomobile no signal in {area} since {hour}. I work from home, this costs me money",
        "Cancelled in writing {n} weeks ago @lumomobile and you still take {sum} from my account",
        "@lumomobile {n} agents, {n} different answers. Do you talk to each other at all?",
        "@lumomobile your app logged me out and now the code never arrives. Locked out of my own number",
        "@lumomobile promised a call back at {hour}. It is evening. Guess what did not ring.",
        "{plan} is 'unlimited' until you use it, apparently. @lumomobile slow as treacle in {area}",
    ],
}
PRAISE = {
    "air": [
        "@northwindair the crew on {flight} sang for my son's birthday. He has talked of nothing else. Thank you!",
        "Credit where due: @northwindair found {thing} within a day and drove it to my door",
        "@northwindair smoothest boarding I have had in years, and the bread was warm",
        "Shout-out to Mina at the desk in {city}, @northwindair. She saved our holiday",
    ],
    "mobile": [
        "@lumomobile swapped to {plan}, took four minutes, works. More of this please",
        "The young man in your shop in {area} spent an hour with my dad, @lumomobile. Lovely person",
        "@lumomobile coverage on the coast path is unreal now. Well done",
        "First bill ever that I understood at once. Thanks @lumomobile",
    ],
}
# Without the @: only a search finds these.
TALK = {
    "air": [
        "Honestly thinking of taking the train, Northwind Air has ruined {n} of my last five trips",
        "Anyone else stuck in {city} with Northwind Air? The queue goes round the building",
        "Northwind Air seats are made for people without legs",
    ],
    "mobile": [
        "Is Lumo Mobile down in {area} or is it just me?",
        "Switching away from Lumo Mobile, who is good in {area}?",
        "Lumo Mobile put the prices up again. Quietly. On a Sunday.",
    ],
}
SPAM = [
    "@{brand} Congratulations!! You are selected for FREE phone, claim at http://win-big.example/{n}{n}",
    "@{brand} I turned {sum} into {sum}000 with ONE trick, message me now",
    "@{brand} cheap followers cheap followers http://grow-fast.example",
]
FOREIGN = {
    "air": {
        "es": [
            "@northwindair llevo {n} horas esperando en {city} y nadie nos dice nada. ¿Sale hoy el {flight} o no?",
            "Hola @northwindair, ¿puedo llevar un violín en cabina?",
            "@northwindair gracias a la tripulación del {flight}, trataron a mi madre de maravilla",
        ],
        "de": [
            "@northwindair mein Koffer ist seit {n} Tagen in {city}. Kommt der noch oder wohnt der da jetzt?",
            "@northwindair gilt die Sitzplatzreservierung auch nach der Umbuchung auf {flight}?",
        ],
        "fr": [
            "@northwindair vol {flight} annulé, aucun remboursement depuis {n} semaines. C'est long.",
            "Bonjour @northwindair, peut-on voyager avec un petit chien vers {city} ?",
        ],
        "hi": [
            "@northwindair bhai {n} ghante se airport pe baithe hain, koi update hi nahi de raha {flight} ka",
            "@northwindair refund kab aayega? {n} hafte ho gaye yaar",
        ],
        "ja": [
            "@northwindair {flight}便の遅延について、振替便はありますか？",
            "@northwindair 先日の乗務員さんがとても親切でした。ありがとうございました！",
        ],
    },
    "mobile": {
        "es": [
            "@lumomobile me habéis cobrado {sum} de más y nadie contesta al teléfono",
            "@lumomobile ¿funciona la eSIM en dos móviles a la vez?",
        ],
        "de": [
            "@lumomobile seit {hour} kein Netz in {area}. Störung oder liegt es an mir?",
            "@lumomobile wie kündige ich den Vertrag {plan} zum Monatsende?",
        ],
        "fr": [
            "@lumomobile plus de réseau à {area} depuis ce matin, vous êtes au courant ?",
            "@lumomobile merci pour votre aide hier en boutique, c'était parfait",
        ],
        "hi": [
            "@lumomobile net itna slow kyun hai {area} mein? recharge kiya tha kal hi",
            "@lumomobile number port karne mein kitna time lagta hai?",
        ],
        "ja": [
            "@lumomobile 請求額が先月より高いのですが、理由を教えてください",
            "@lumomobile 海外ローミングの設定方法を教えてください",
        ],
    },
}
# A person who writes on without waiting: each inner list is one thread.
THREADS = {
    "air": [
        [
            "@northwindair {flight} cancelled and rebooked me for tomorrow at {hour}. I have a job interview TODAY",
            "@northwindair there is a seat on the afternoon flight, I can see it in the app. Why can nobody book it?",
            "@northwindair now the seat is gone. I watched it go.",
        ],
        [
            "@northwindair my father needs a wheelchair in {city}, booked weeks ago. Nobody is here.",
            "@northwindair still nobody. He is 84.",
        ],
    ],
    "mobile": [
        [
            "@lumomobile you blocked my SIM for 'unusual use'. I phoned my mother. That is the unusual use.",
            "@lumomobile and to unblock it I should ring you. From which phone?",
        ],
        [
            "@lumomobile someone ordered two phones on my account. Not me. What do I do?",
            "@lumomobile please hurry, they ship today",
            "@lumomobile hello?",
        ],
    ],
}
DIRECT = {
    "air": [
        "Hello, my booking is QX{n}L{n}R. I would like to change the return to Sunday, what would that cost?",
        "Hi, I was asked to send my details here about {thing}. Tag number NW4{n}77{n}1.",
        "I left my tablet in seat {n}C on {flight} this morning. Silver, cracked corner.",
    ],
    "mobile": [
        "Hi, I was told to write here about my bill. It is {sum} too high since I moved to {plan}.",
        "Hello, please do not post this: someone has taken over my number this morning.",
        "Can you check whether my cancellation arrived? I sent it {n} weeks ago.",
    ],
}
PAGE_POSTS = {
    "air": [
        "New this spring: {city}, four times a week. Where shall we fly next?",
        "Behind the scenes: how a suitcase finds its way from the belt to the hold.",
        "Our crews collected {sum} winter coats for the shelters. Thank you to everyone who gave.",
    ],
    "mobile": [
        "{plan} now comes with roaming in 40 countries. No switch to flip, it just works.",
        "Meet the people who climb our masts: a day with Agnes and Tom.",
        "Tip of the week: how to keep children's phones quiet at night.",
    ],
}
VISITOR_POSTS = {
    "air": [
        "We missed the wedding because {flight} left five hours late. What are you going to do about it?",
        "Lovely flight home from {city} yesterday. The tea was hot and the landing soft. Thank you all.",
        "Do you have a family fare to {city} in the autumn holidays?",
    ],
    "mobile": [
        "My mother is 79 and has been without a phone for {n} days. She is alone. Please do something.",
        "Is the shop in {area} closing? The sign is gone.",
        "Very happy with {plan}, the change took no time at all.",
    ],
}
COMMENTS = {
    "air": [
        "Pretty pictures. Now pay my refund.",
        "Do you fly there with bicycles too?",
        "Went last year, loved it. The crew was great.",
        "{n} weeks and no answer to my e-mail. Maybe you read it here.",
        "How early can we book for next summer?",
        "😍😍😍",
    ],
    "mobile": [
        "And when does it work in {area}?",
        "Does that include Turkey?",
        "Switched last month and never looked back.",
        "You still owe me {sum}.",
        "My bill says otherwise.",
        "Great people, those two on the mast! 👏",
    ],
}
# The scene of the influencer: the post, those who join, a last word.
INFLUENCER = {
    "air": (
        "Filming day gone. @northwindair lost every camera I own between {city} and home, and the desk told me to "
        "'try e-mail'. 400k of you asked which airline I fly. Not this one.",
        [
            "@tessa_wanders @northwindair same here, {n} weeks and counting",
            "@tessa_wanders @northwindair they lost {thing} of mine in May. Never seen again",
            "@tessa_wanders @northwindair try a claim under the convention, not e-mail. Good luck Tessa",
            "@northwindair is this how you treat people? Asking before I book for {n}",
            "@tessa_wanders @northwindair wow. Cancelling my booking then.",
            "@northwindair answer her. We are all watching",
            "@tessa_wanders @northwindair to be fair they found mine in two days",
            "@northwindair give Tessa her cameras back #FindTessasCameras",
        ],
        "@northwindair six hours, no reply. #FindTessasCameras",
    ),
    "mobile": (
        "Review day: @lumomobile told me {plan} has 'no slow lane'. My tests in {area} say 2 Mbit/s at {hour}. "
        "Video tonight, and I would love a comment from you first.",
        [
            "@gadget_rufus @lumomobile confirm, {area} is the same",
            "@gadget_rufus @lumomobile finally somebody measures it",
            "@lumomobile so 'unlimited' means what exactly?",
            "@gadget_rufus @lumomobile mine is fine, 180 here",
            "@lumomobile refund for everybody in {area}?",
            "@gadget_rufus @lumomobile can't wait for the video",
        ],
        "@lumomobile video goes up at nine. Still happy to hear your side.",
    ),
}
JOURNALIST = {
    "air": "@northwindair I am writing about lost baggage for the Daily Ledger. Could your press office comment on the "
    "case of Tessa Okonjo by 3 pm? Thank you.",
    "mobile": "@lumomobile Fieldnotes here: readers report that calls to emergency services fail in {area}. What is "
    "your statement?",
}
OUTAGE_WORDS = [
    "@lumomobile no signal in {area} since {hour}",
    "@lumomobile is it down? nothing works in {area}",
    "hello @lumomobile?? no network, no calls, nothing",
    "@lumomobile 'SOS only' on all our phones in {area}",
    "@lumomobile can't call my kids' school. Fix this",
    "@lumomobile card machine in my bakery is dead because of you. Third hour",
    "Lumo Mobile down in {area} too",
    "@lumomobile when will it be back? Any time at all?",
    "@lumomobile my mother's alarm button runs on your network!!",
    "@lumomobile down down down #LumoDown",
    "#LumoDown trending and @lumomobile says nothing",
    "@lumomobile I work on call tonight. I need a phone. What is going on",
]
OUTAGE_PAGE = [
    "No signal in {area}. How long?",
    "Nothing works since {hour}!",
    "Same here in {area}",
    "Will there be money back for this?",
]
OUTAGE_FOREIGN = {
    "es": ["@lumomobile sin red en {area}, ¿qué pasa?"],
    "de": ["@lumomobile alles tot in {area}, seit {hour}. Wann geht es wieder?"],
    "fr": ["@lumomobile plus rien à {area}, c'est une panne générale ?"],
    "hi": ["@lumomobile {area} mein network bilkul gayab hai, kab aayega?"],
    "ja": ["@lumomobile {area}で圏外のままです。復旧はいつですか？"],
}
OUTAGE_OVER = [
    "@lumomobile it's back in {area}, thank you engineers",
    "@lumomobile working again. So what about compensation?",
    "Signal is back! Only took half a day @lumomobile",
]
# How people react to an answer, by language.
THANKS = {
    "en": [
        "Thank you, that helps!",
        "Brilliant, sorted. Thanks!",
        "That was quick, thank you 🙏",
        "Ah, got it. Thanks a lot",
    ],
    "es": ["¡Muchas gracias, solucionado!", "Perfecto, gracias por contestar tan rápido"],
    "de": ["Vielen Dank, hat geklappt!", "Danke für die schnelle Antwort"],
    "fr": ["Merci beaucoup, c'est réglé !", "Super, merci pour la réponse"],
    "hi": ["Thank you ji, ho gaya!", "Shukriya, kaam ban gaya"],
    "ja": ["ありがとうございます、解決しました！", "ご対応ありがとうございました"],
}
FOLLOW_UPS = {
    "en": [
        "OK, and how long will that take?",
        "Where exactly do I find that?",
        "Do I have to do anything else on my side?",
    ],
    "es": ["Vale, ¿y cuánto tarda?"],
    "de": ["Okay, und wie lange dauert das?"],
    "fr": ["D'accord, et ça prend combien de temps ?"],
    "hi": ["Theek hai, par kitna time lagega?"],
    "ja": ["どのくらい時間がかかりますか？"],
}
STILL_ANGRY = {
    "en": [
        "That is the same answer I got last week.",
        "Sorry is not good enough. I want my money back.",
        "You did not read what I wrote, did you?",
    ],
    "es": ["Eso ya lo intenté. No funciona."],
    "de": ["Genau das hat man mir letzte Woche auch gesagt."],
    "fr": ["Toujours la même réponse. Je suis déçu."],
    "hi": ["Har baar yahi bolte ho aap log."],
    "ja": ["同じ回答を何度もいただいています。"],
}
# What the brands answered in the hours before, in the order of kinds above.
BRAND_ANSWERS = {
    "air": [
        "Thanks for asking! Yes, it is on time. Have a good flight. ^Jo",
        "We are sorry about this. Please send us your booking reference by direct message. ^Sam",
        "That is lovely to hear, we will tell the crew! ^Jo",
    ],
    "mobile": [
        "Hi! You can do that in the app under Plan > Change. ^Kit",
        "Sorry about the trouble. Could you send us your number by direct message? ^Ada",
        "You made our day, thank you! ^Kit",
    ],
}
