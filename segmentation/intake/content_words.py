"""Words by which the content of a column is told: genders, countries and their codes."""

from __future__ import annotations


def _listed(text: str, mark: str | None = None) -> frozenset[str]:
    return frozenset(" ".join(part.split()) for part in text.split(mark))


GENDERS = _listed(
    """
    boy d divers diverse donna f female femenino feminino femme femmina femminile frau féminin girl h heer herr hombre homem homme k
    kobieta m m. male man mann maschile maschio masculin masculino men mevrouw miss mlle mme mr mr. mrs mrs. ms ms. mujer mulher
    männlich mężczyzna non-binary nonbinary other sr sr. sra sra. unknown unspecified uomo v varón vrouw w weiblich woman women x
    """
)
"""What stands in a column of genders, in nine languages."""
BOTH_GENDERS = _listed(
    """
    m f, m w, male female, man woman, men women, mr mrs, mr. mrs., mr ms, mr. ms., männlich weiblich, mann frau, herr frau, homme
    femme, h f, masculin féminin, m. mme, hombre mujer, h m, masculino femenino, sr sra, sr. sra., maschio femmina, uomo donna,
    homem mulher, masculino feminino, man vrouw, m v, heer mevrouw, mężczyzna kobieta, m k
    """,
    ",",
)
"""Pairs of which a column of genders holds one."""
COUNTRIES = _listed(
    """
    alemanha, alemania, allemagne, argentina, australia, australien, austria, autriche, bahrain, belgien, belgique, belgium, belgië,
    brasil, brasilien, brazil, bulgaria, bélgica, canada, chile, china, colombia, croatia, cyprus, czech republic, czechia, denmark,
    deutschland, duitsland, dänemark, ecuador, egypt, eire, england, espagne, espanha, españa, estados unidos, estonia, finland,
    finnland, france, francia, francja, frankreich, frankrijk, frança, germania, germany, ghana, great britain, greece,
    griechenland, hiszpania, holandia, hong kong, hungary, iceland, india, indien, indonesia, ireland, irland, irlande, israel,
    italia, italie, italien, italië, italy, itália, japan, kanada, kenya, latvia, lebanon, lithuania, luxembourg, luxemburg,
    malaysia, malta, mexico, morocco, méxico, nederland, netherlands, new zealand, niederlande, niemcy, nigeria, norway, norwegen,
    pays-bas, países bajos, peru, perú, philippines, poland, polen, pologne, polonia, polska, portugal, regno unito, reino unido,
    romania, royaume-uni, rsa, rumänien, russia, saudi arabia, schweden, schweiz, singapore, slovakia, slovenia, south africa, south
    korea, spagna, spain, spanien, spanje, stati uniti, suisse, suiza, svizzera, sweden, switzerland, taiwan, thailand, the
    netherlands, tschechien, turkey, türkei, türkiye, uk, ukraine, ungarn, united arab emirates, united kingdom, united states,
    united states of america, uruguay, usa, venezuela, vereinigte staaten, vereinigtes königreich, vietnam, włochy, états-unis,
    österreich
    """,
    ",",
)
"""Countries by the names that customer files give them."""
COUNTRY_CODES = _listed(
    """
    ad ae af ag al am ao ar at au az ba bb bd be bf bg bh bi bj bn bo br bs bt bw by bz ca cd cf cg ch ci cl cm cn co cr cu cv cy cz
    de dj dk dm do dz ec ee eg er es et fi fj fr ga gb gd ge gh gm gn gq gr gt gw gy hk hn hr ht hu id ie il in iq ir is it jm jo jp
    ke kg kh km kn kp kr kw kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mk ml mm mn mo mr mt mu mv mw mx my mz na ne ng ni nl
    no np nr nz om pa pe pg ph pk pl pr ps pt pw py qa ro rs ru rw sa sb sc sd se sg si sk sl sm sn so sr ss st sv sy sz td tg th tj
    tl tm tn to tr tt tw tz ua ug us uy uz va vc ve vn vu ws ye za zm zw
    """
)
"""ISO 3166, two letters."""
STATE_CODES = _listed(
    """
    ab ak al ar az bc ca co ct dc de fl ga hi ia id il in ks ky la ma mb md me mi mn mo ms mt nb nc nd ne nh nj nm ns nv ny oh ok on
    or pa qc ri sc sd sk tn tx ut va vt wa wi wv wy
    """
)
"""States of America and provinces of Canada: codes of countries only where others stand beside them."""
