"""Lists of names and towns in many languages, in the encodings their programs wrote, come back letter by letter."""

from __future__ import annotations

import pytest

from dashboard.intake.encoding import find_encoding

LISTS = {
    "Polish": ("cp1250", "Łukasz Wąż,Gdańsk,Świętosława,Kraków,Wrocław,Łódź,Małgorzata Żak"),
    "Czech": ("cp1250", "Dvořák,Příbram,Žluťoučký kůň,Plzeň,Děčín,Novák Jiří,České Budějovice"),
    "Slovak": ("cp1250", "Košice,Žilina,Ľubomír,Štefan,Trenčín,Kováč,Ďurica,Prešov"),
    "Hungarian": ("cp1250", "Kovács Ernő,Győr,Szűcs Béla,Tóth Jenő,Érd,Fertőd,Székesfehérvár"),
    "Croatian": ("cp1250", "Šibenik,Đuro Šarić,Čakovec,Marković,Žarko,Županja,Križevci"),
    "Romanian": ("cp1250", "Timişoara,Braşov,Ţepeş,Iaşi,Bucureşti,Ioan Ştefănescu,Piteşti"),
    "Russian": ("cp1251", "Анна Каренина,Москва,Тверь,Иван,Казань,Ольга,Петров,Смирнова"),
    "Ukrainian": ("cp1251", "Київ,Львів,Олена,Їжак,Євген,Харків,Іван,Одеса"),
    "Bulgarian": ("cp1251", "София,Пловдив,Иван,Бургас,Мария,Русе,Варна,Георги"),
    "Russian, KOI8": ("koi8_r", "Анна Каренина,Москва,Тверь,Иван,Казань,Ольга,Петров,Смирнова"),
    "Greek": ("cp1253", "Αθήνα,Γιώργος,Θεσσαλονίκη,Μαρία,Πάτρα,Νίκος,Ελένη"),
    "Turkish": ("cp1254", "İstanbul,Şişli,Ayşe Yılmaz,İzmir,Muğla,Çağlar,Uğur"),
    "Hebrew": ("cp1255", "ירושלים,תל אביב,חיפה,דוד,משה כהן,שרה,נתניה"),
    "Arabic": ("cp1256", "القاهرة,محمد,دبي,فاطمة,الرياض,علي,بيروت"),
    "Lithuanian": ("cp1257", "Šiauliai,Kaunas,Žemaitė,Panevėžys,Jūratė,Vytautas Žukas"),
    "Japanese": ("cp932", "山田太郎,東京都,大阪市,さくら,カフェ,横浜市,鈴木"),
    "Japanese, EUC": ("euc_jp", "山田太郎,東京都,大阪市,さくら,カフェ,横浜市,鈴木"),
    "Chinese": ("gb18030", "北京市,上海,王小明,李娜,广州,深圳市,张伟"),
    "Taiwanese": ("big5", "台北市,王小明,高雄,陳美玲,台中市,林志豪,新竹"),
    "Korean": ("cp949", "서울,부산,김민수,이지은,대구,인천,박서준"),
    "French": ("cp1252", "Élève à Orléans,Besançon,Ma sœur,Noël,Françoise,Hôpital,Évêque"),
    "German": ("cp1252", "Straße,Müller,Köln,Größe,Jürgen,Bäcker,Österreich"),
    "Spanish": ("cp1252", "Málaga,Ñoño,José,¿Qué?,Peña,A Coruña,Cáceres"),
    "Portuguese": ("cp1252", "João,São Paulo,Opções,Camões,Goiânia,Avô,Conceição"),
    "Swedish": ("cp1252", "Åse,Göteborg,Malmö,Sjöberg,Ängelholm,Älvsborg,Örebro"),
    "Danish": ("cp1252", "Søren Kjær,Århus,Ærø,Åse,Tromsø,Bjørn"),
    "many countries": ("cp1252", "Müller,François,José,Søren,Ñuñoa,Åsa,João,Chloë,Straße,Garção"),
    "French, Mac": ("mac_roman", "Élève à Orléans,Besançon,Noël,Françoise,Hôpital,Nîmes,Où"),
    "German, Mac": ("mac_roman", "Straße,Müller,Köln,Größe,Jürgen,Bäcker,Österreich"),
    "German, DOS": ("cp850", "Straße,Müller,Köln,Größe,Jürgen,Bäcker,Österreich"),
    "signs": ("cp1252", "5 €,£5,m³,“quoted”,O’Neil,3º,½ kg,–"),
}


@pytest.mark.parametrize("times", [1, 3, 40])
@pytest.mark.parametrize("language", LISTS)
def test_letters_of_many_languages_come_back(tmp_path, language, times):
    encoding, words = LISTS[language]
    text = "id;name;n\n" + "".join(f"{i};{word};{i * 3}\n" for i, word in enumerate(words.split(",") * times))
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    assert path.read_bytes().decode(find_encoding(path).name) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_of_another_script_in_utf_16_without_a_mark(tmp_path, encoding):
    text = "番号;名前\n" + "一;東京都千代田区丸の内のさくらカフェ\n" * 50
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))
    assert find_encoding(tmp_path / "list.csv").name == encoding


def test_letters_far_down_in_a_file_are_found(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b"id;name\n" + b"1;Anna\n" * 300_000 + "2;Łukasz Wąż\n3;Świętosława\n4;Małgorzata Żak\n".encode("cp1250"))
    assert find_encoding(path).name == "cp1250"
