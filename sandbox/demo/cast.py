"""Who lives in the demo: two brands and their customers, all invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand with its account on X and its page on Facebook, of the same handle."""

    key: str
    name: str
    handle: str
    bio: str
    followers: int
    fans: int


@dataclass(frozen=True, slots=True)
class Person:
    """A customer; `lang` is what the person writes in, `networks` where."""

    handle: str
    name: str
    followers: int
    bio: str = ""
    lang: str = "en"
    networks: str = "x"
    verified: bool = False
    shows_name: bool = True
    role: str = "customer"


BRANDS = (
    Brand(
        "air",
        "Northwind Air",
        "northwindair",
        "Flying you across the north since 1987. Here to help from 6 to 24 h, every day.",
        214_000,
        388_000,
    ),
    Brand(
        "mobile",
        "Lumo Mobile",
        "lumomobile",
        "Plans without small print. Tell us what is wrong and we put it right.",
        131_000,
        252_000,
    ),
)

CAST = (
    Person("tessa_wanders", "Tessa Okonjo", 412_000, "Travel films. 80 countries.", verified=True, role="influencer"),
    Person("gadget_rufus", "Rufus Lindqvist", 186_000, "Phones, honestly.", verified=True, role="influencer"),
    Person("h_vance_daily", "Helena Vance", 58_300, "Transport, Daily Ledger. h.vance@ledger.example", verified=True,
           role="journalist"),
    Person("piers_telecom", "Piers Adeyemi", 33_900, "Writes on telecoms for Fieldnotes.", verified=True,
           role="journalist"),
    Person("winbigdeal77", "Win Big Deals", 12, role="spam"),
    Person("crypto_lena_x", "Lena Invest", 41, role="spam"),
    Person("marek_novy", "Marek Nový", 310, "Dad of two, slow cyclist.", networks="x facebook"),
    Person("joy_abara", "Joy Abara", 1_240, "Nurse, night shifts.", networks="x facebook"),
    Person("dunstan_p", "Dunstan Pell", 96),
    Person("rosalind_k", "Rosalind Keane", 2_870, "Architect."),
    Person("bikram_t", "Bikram Thapa", 540, "Climber on weekends."),
    Person("nora_flint", "Nora Flint", 7_450, "Podcast: The Slow Queue."),
    Person("ollie_braun", "Ollie Braun", 188, networks="x facebook"),
    Person("saoirse_m", "Saoirse Moran", 903, "Harp and hurling."),
    Person("teodor_ilic", "Teodor Ilić", 65),
    Person("amara_diallo", "Amara Diallo", 15_600, "Chef at Table Nine."),
    Person("felix_harrow", "Felix Harrow", 430),
    Person("gwen_ashby", "Gwen Ashby", 1_020, "Teaches maths.", networks="x facebook"),
    Person("kofi_mensah7", "Kofi Mensah", 2_210),
    Person("petra_voss", "Petra Voss", 77),
    Person("hamish_reid", "Hamish Reid", 354, "Fishing boats."),
    Person("lucia_prado", "Lucía Prado", 690, "Profe en Valencia.", "es"),
    Person("diego_solano", "Diego Solano", 4_120, "Fútbol y café.", "es", "x facebook"),
    Person("jonas_weber3", "Jonas Weber", 215, "Hamburg.", "de"),
    Person("annika_holt", "Annika Holt", 1_880, "Radfahren, Kuchen.", "de", "x facebook"),
    Person("camille_roux", "Camille Roux", 980, "Lyon.", "fr"),
    Person("bastien_g", "Bastien Girard", 143, "", "fr", "x facebook"),
    Person("rohan_yadav9", "Rohan Yadav", 1_530, "Chai aur cricket.", "hi"),
    Person("priya_menon", "Priya Menon", 620, "Pune.", "hi"),
    Person("haruka_ito", "伊藤はるか", 2_460, "旅と写真", "ja"),
    Person("kenji_mori", "森けんじ", 388, "", "ja"),
    Person("zainab_q", "Zainab Qureshi", 11_900, "Runs a bakery."),
    Person("tomasz_wilk", "Tomasz Wilk", 130, networks="x facebook"),
    Person("ingrid_dahl", "Ingrid Dahl", 505),
    Person("caleb_stone", "Caleb Stone", 3_050, "Drummer."),
    Person("mireille_a", "Mireille Aubert", 260, networks="facebook"),
    Person("bruno_castel", "Bruno Castel", 90, networks="facebook"),
    Person("yvonne_tate", "Yvonne Tate", 150, networks="facebook"),
    Person("harold_finch2", "Harold Finch", 44, networks="facebook", shows_name=False),
    Person("lottie_grey", "Lottie Grey", 310, networks="facebook"),
    Person("samir_haddad", "Samir Haddad", 870, networks="facebook"),
    Person("beatrix_lane", "Beatrix Lane", 205, networks="x facebook"),
    Person("owen_pryce", "Owen Pryce", 1_110, "Valleys."),
    Person("delphine_c", "Delphine Caron", 720, "", "fr"),
    Person("mateo_rios", "Mateo Ríos", 350, "", "es"),
    Person("freya_lund", "Freya Lund", 6_280, "Knits in airports."),
    Person("ravi_kapoor2", "Ravi Kapoor", 410, "", "hi"),
    Person("clem_ortega", "Clem Ortega", 1_960, "Stage manager."),
)  # fmt: skip

PEOPLE = {person.handle: person for person in CAST}
