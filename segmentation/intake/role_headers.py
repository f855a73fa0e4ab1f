"""The headers under which files bring each role, best first: in ten languages, and as shop and mailing systems write them.

Each as ``mapping.header_words`` leaves it: lower case, without accents, words separated by one space.
"""

from __future__ import annotations

_HEADERS = {
    "customer": """
        customer unique id, customer id, customer, customerid, customer no, customer number, customer key, customer code, cust id,
        cust, cust no, client id, client, client no, user id, user, member id, membership id, card id, loyalty id, buyer id, buyer,
        shopper id, account id, account number, contact id, profile id, person id, household key, household id, subscriber id,
        visitor id, kundennummer, kunden nr, kundennr, kunden id, kunde, id client, numero client, client numero, no client, n
        client, id cliente, cliente, codigo cliente, codigo do cliente, id do cliente, donor id, donor, card no, respondent id,
        numero de cliente, klantnummer, klant id, customer reference, customer ref, cust num, customer num, id customer, kunden id
        nummer, debitor, debitorennummer, debitor nr, mitgliedsnummer, nutzer id, numero de client, code client, identifiant client,
        ref client, id acheteur, codigo de cliente, nif cliente, cod cliente, codice cliente, id utente, numero cliente,
        klientnummer, klant nummer, klantcode, relatienummer, id klienta, numer klienta, klient, kod klienta, cliente id, id do
        usuario, usuario id, usuario, buyer user id, customer uuid, profile uuid, euid, leid, klaviyo id, contact record id, buyer
        email address, customer profile id, guest id, guest no, patient id, student id, tenant id, gast id, kundin, square customer
        id, customer profile, member number, member no, membership number, customer nr, account no, account, person, record id, company id,
        id
    """,
    "order": """
        order id, order no, order number, order, orderid, invoice no, invoice, invoice id, invoice number, transaction id,
        transaction no, transaction, receipt id, receipt no, receipt number, receipt, basket id, bill no, bill number, sale id, sales
        id, purchase id, checkout id, name order, bestellnummer, bestellung, auftragsnummer, rechnungsnummer, belegnummer, commande,
        numero commande, numero facture, facture, pedido, numero pedido, id pedido, factura, numero factura, bestelnummer, order
        name, order reference, order ref, increment id, reference commande, n commande, no commande, nr commande, bestell nr,
        bestellnr, bestell id, auftrag, auftrags nr, rechnung, rechnung nr, rechnungsnr, beleg nr, bon nr, bonnummer, numero de
        commande, id commande, numero de facture, numero de pedido, n pedido, numero de factura, ordine, numero ordine, id ordine,
        ordine n, fattura, numero fattura, scontrino, numero do pedido, codigo do pedido, id do pedido, nota fiscal, ordernummer,
        bestelling, factuurnummer, numer zamowienia, zamowienie, id zamowienia, faktura, numer faktury, amazon order id, merchant
        order id, booking id, booking number, reservation id, reservation number, ticket id, ticket number, charge id, payment id,
        payment intent, payment intent id
    """,
    "date": """
        order date, invoice date, date, transaction date, purchase date, sale date, sales date, order datetime, order timestamp,
        transaction datetime, transaction time, order purchase timestamp, purchase datetime, purchase timestamp, date of purchase,
        date of sale, order created at, order created, invoice datetime, timestamp, datetime, created at, order placed at, processed
        at, paid at, event time, event date, event timestamp, date created, created date, created, payment date, sold at, visit date,
        booking date, completed at, bestelldatum, rechnungsdatum, kaufdatum, datum, date commande, date de commande, date achat, data
        da compra, data do pedido, gift date, donation date, fecha, fecha pedido, fecha de compra, besteldatum, purchased on, order
        created date, created at utc, created date utc, created utc, purchase day, order day, bought on, bought at, date ordered,
        date purchased, date paid, paid date, paid on, charge date, transaction timestamp, sale datetime, sales day, posting date,
        zeitpunkt, bestelldatum uhrzeit, bestellt am, gekauft am, kaufzeitpunkt, auftragsdatum, belegdatum, buchungsdatum,
        verkaufsdatum, date facture, date de facture, date de vente, date vente, date d achat, date de l achat, fecha compra, fecha
        de pedido, fecha de venta, fecha factura, data ordine, data acquisto, data vendita, data fattura, data de compra, data do
        pagamento, data da venda, orderdatum, aankoopdatum, factuurdatum, verkoopdatum, data zamowienia, data zakupu, data sprzedazy,
        data faktury, order placed, purchase date time, reservation date, arrival date, gmt created, day, tag, when, data, close date,
        reservation status date, status date
    """,
    "amount": """
        line total, total amount, total price, total revenue, total sales, total, amount, sales amount, sales, sale amount, revenue,
        net sales, gross sales, net amount, line amount, order total, order value, order amount, invoice total, transaction amount,
        purchase amount, purchase amount usd, total spent, spend, sales value, dollar value, value, payment value, subtotal,
        turnover, betrag, gesamtbetrag, gesamtpreis, summe, umsatz, montant, montant total, total ttc, importe, importe total, total
        linea, bedrag, order grand total, grand total, total paid, amount paid, line price, extended price, gesamtumsatz,
        jahresumsatz, chiffre affaires, chiffre d affaires, gasto total, valor total, gift amount, donation amount, total charges,
        order total amount, order subtotal, total price usd, total order amount, order revenue, order grand total base, amount usd,
        amount eur, gross amount, gross, net, net total, item total, price total, sum, paid, paid amount, payment amount, transaction
        value, sale total, total value, total cost, charge amount, item subtotal, bestellwert, bestellsumme, rechnungsbetrag, gesamt,
        gesamtsumme, warenwert, nettobetrag, bruttobetrag, endbetrag, umsatz eur, umsatz brutto, umsatz netto, montant ttc, montant
        ht, montant de la commande, total commande, total ht, ca, importe del pedido, total pedido, monto, monto total, total
        factura, importo, importo totale, totale, totale ordine, fatturato, spesa, valor, valor do pedido, valor da compra, valor
        pago, totaalbedrag, totaal, omzet, orderbedrag, orderwaarde, kwota, wartosc, wartosc zamowienia, razem, suma, product sales,
        booking value, lead total, adr total
    """,
    "price": """
        unit price, unitprice, price, item price, price per unit, price each, selling price, sale price, lineitem price, product
        price, list price, einzelpreis, preis, stueckpreis, stuckpreis, prix unitaire, prix, precio unitario, precio, stukprijs,
        price per piece, price per item, lineitem unit price, item unit price, single price, unit cost, unit price eur, unit price
        usd, einzel preis, stuck preis, preis pro stuck, verkaufspreis, vk preis, prix de vente, prix unitaire ht, prix unitaire ttc,
        precio por unidad, precio de venta, precio producto, prezzo, prezzo unitario, preco, preco unitario, valor unitario,
        eenheidsprijs, prijs, cena, cena jednostkowa, product unit price, purchase price
    """,
    "quantity": """
        quantity, qty, units, units sold, quantity sold, quantity ordered, order quantity, number of items, item count, items, number
        of units, number of cds, pieces, lineitem quantity, order item quantity, menge, anzahl, stuckzahl, stueckzahl, quantite,
        cantidad, aantal, qty ordered, order qty, quantity purchased, item quantity, items sold, pieces sold, count of items, no of
        items, number of pieces, product quantity, quantity shipped, stueck, stuck, menge stuck, bestellmenge, anzahl artikel, qte,
        nombre d articles, nb articles, quantite commandee, unidades, unidades vendidas, numero de articulos, quantita, qta, pezzi,
        numero articoli, quantidade, qtd, qtde, hoeveelheid, stuks, ilosc, liczba sztuk, sztuk
    """,
    "product": """
        product id, stock code, stockcode, sku, product code, item id, item code, article, article no, article number, product,
        product name, item, item name, lineitem sku, item purchased, lineitem name, products, description, product description,
        artikelnummer, artikel, produkt, produit, code produit, producto, codigo producto, product title, product ref, product
        reference, product sku, item sku, item title, item description, item no, item number, lineitem title, variant sku, asin,
        seller sku, ean, gtin, isbn, upc, article id, article code, article name, goods, plu, material, material number, artikel nr,
        artikelnr, artikel id, artikelname, artikelbezeichnung, produktname, produktnummer, bezeichnung, reference produit, ref
        produit, nom du produit, nom produit, libelle produit, libelle, designation, article ref, codigo de producto, nombre del
        producto, nombre producto, articulo, referencia, prodotto, codice prodotto, nome prodotto, articolo, codice articolo,
        produto, codigo produto, codigo do produto, nome do produto, id do produto, artikelcode, artikelomschrijving, produktcode,
        kod produktu, nazwa produktu, towar, menu item, service, course
    """,
    "category": """
        category, product category, item type, product type, category name, item category, product line, department, product group,
        kategorie, warengruppe, produktgruppe, categorie, categoria, product category name, product department, item group, product
        class, product family, product cat, produktkategorie, artikelgruppe, sortiment, categorie produit, categoria de producto,
        categoria producto, categoria prodotto, categoria do produto, categoria produto, productcategorie, kategoria, kategoria
        produktu, familia, rayon, collection
    """,
    "brand": """
        brand, product brand, brand name, vendor, manufacturer, marke, hersteller, marque, marca, brands, maker, produktmarke,
        fabricant, fabricante, merk, producent, marka, product vendor, lineitem vendor
    """,
    "country": """
        country, country name, country code, customer country, country region, country iso, cc, billing country, shipping country,
        nation, land, staat, pays, pais, country of residence, residence country, home country, country code iso, country iso code,
        iso country, ship country, bill country, mailing country, billing country code, shipping country code, ip country, location
        country, market, heimatland, laendercode, landercode, landercode iso, lieferland, rechnungsland, wohnland, pays de residence,
        pays livraison, pays client, pais de residencia, pais cliente, paese, nazione, stato, kraj, pais do cliente, address country,
        primary address country, card address country, customer address country, default country, store country, ship to country,
        bill to country, country id
    """,
    "region": """
        region, state, province, state province, county, customer state, billing province, shipping province, bundesland, provincia,
        uf, location, state code, state region, state name, province code, district, area, territory, ship state, mailing state,
        address state, customer region, bundesstaat, kanton, departement, regione, provincia cliente, comunidad autonoma,
        wojewodztwo, provincie, estado uf, location region, card address state
    """,
    "city": """
        city, town, customer city, billing city, shipping city, stadt, ort, ville, ciudad, cidade, plaats, customer town, home city,
        city name, mailing city, ship city, address city, primary address city, card address city, wohnort, lieferort, rechnungsort,
        stadt ort, localite, commune, ville client, localidad, poblacion, municipio, citta, comune, miasto, woonplaats, stad,
        location city, cidade cliente, city town
    """,
    "zip": """
        zip, zip code, zipcode, postal code, postalcode, postcode, post code, customer zip code prefix, billing zip, shipping zip,
        plz, postleitzahl, code postal, codigo postal, zip postal code, postal zip code, postal, mailing postal code, mailing zip,
        ship postal code, ship zip, address zip, primary address zip, card address zip, plz wohnort, plz kunde, cp, code postale,
        cap, cep, codice postale, kod pocztowy, postcode huisnummer, location zip, pin code, pincode
    """,
    "channel": """
        channel, sales channel, order channel, purchase channel, source, source name, platform, store type, vertriebskanal, kanal,
        canal, canal de venta, channel name, marketing channel, acquisition channel, traffic source, utm source, order source, sale
        channel, sales source, vertriebsweg, verkaufskanal, bestellkanal, herkunft, canal de vente, canal vente, origine, canal de
        ventas, canale, canale di vendita, canal de vendas, verkoopkanaal, kanal sprzedazy, store, point of sale, device
    """,
    "payment": """
        payment method, payment, payment type, payment mode, pay method, zahlungsart, zahlungsmethode, mode de paiement, metodo de
        pago, forma de pago, payment method title, paymentmethod, payment gateway, paid with, payment option, payment provider,
        tender type, card brand, zahlungsmittel, bezahlart, zahlart, bezahlt mit, moyen de paiement, mode paiement, moyen paiement,
        metodo pago, medio de pago, metodo di pagamento, pagamento, forma de pagamento, meio de pagamento, betaalmethode,
        betaalwijze, metoda platnosci, platnosc
    """,
    "status": """
        order status, status, fulfillment status, financial status, delivery status, bestellstatus, statut, estado, estado pedido,
        event type, event name, event, state of order, order state, payment status, paid status, transaction status, sale status,
        lead status order, status name, bestellungsstatus, auftragsstatus, zahlungsstatus, etat, etat commande, etat de la commande,
        statut commande, statut de la commande, estado del pedido, estado de pedido, stato ordine, stato dell ordine, status do
        pedido, situacao, orderstatus, status zamowienia, reservation status, current state, booking status, stage
    """,
    "shipping": """
        shipping method, ship mode, shipping, shipping type, delivery method, delivery type, versandart, mode de livraison, metodo de
        envio, delivery, delivery service, shipment service level category, ship service level, carrier, carrier name, shipping
        carrier, lieferart, versand, versandmethode, lieferung, transporteur, livraison, mode livraison, metodo envio, forma de
        envio, envio, transportista, metodo di spedizione, spedizione, corriere, frete, verzendmethode, verzending, dostawa
    """,
    "rating": """
        rating, ratings, review rating, review score, customer rating, satisfaction score, stars, member rating, bewertung, note
        client, valoracion, score rating, review, product rating, nps, csat, sterne, kundenbewertung, avis, evaluation, valoracion
        cliente, puntuacion, calificacion, valutazione, avaliacao, nota, beoordeling, ocena
    """,
    "email": """
        email, e mail, email address, e mail address, customer email, mail, e mail adresse, adresse email, courriel, correo, correo
        electronico, email id, e mail id, emailadresse, mailadresse, email adresse, contact email, primary email, work email, user
        email, client email, buyer email, subscriber email, person email, login email, kontakt email, courriel client, mail client,
        adresse mail, adresse e mail, adresse courriel, adresse electronique, direccion de correo, direccion email, email cliente,
        correo cliente, indirizzo email, posta elettronica, endereco de email, e mailadres, emailadres, adres email, adres e mail
    """,
    "phone": """
        phone, phone number, telephone, mobile, mobile number, mobile phone, customer phone, cell, telefon, telefonnummer, handy,
        telephone portable, telefono, movil, tel, tel no, telephone number, contact number, contact phone, phone no, phone 1, home
        phone, work phone, mobile phone number, cell phone, whatsapp, sms number, kontakt telefon, mobil, mobiltelefon, mobilnummer,
        handynummer, rufnummer, festnetz, tel portable, portable, numero de telephone, num tel, numero de telefono, numero telefono,
        celular, telefono movil, cellulare, telemovel, telefone, fone, telefoonnummer, mobiel, numer telefonu, tel kom, default
        address phone, billing phone, customer phone number, phone number e164
    """,
    "first_name": """
        first name, firstname, given name, forename, vorname, prenom, nombre, voornaam, fname, f name, first, christian name,
        customer first name, vor name, rufname, prenom client, nombre de pila, primer nombre, nome, primeiro nome, imie, roepnaam,
        firstname customer, contact first name
    """,
    "last_name": """
        last name, lastname, surname, family name, nachname, familienname, nom, nom de famille, apellido, apellidos, achternaam,
        lname, l name, last, second name, customer last name, nach name, zuname, nom client, nom famille, primer apellido, cognome,
        sobrenome, ultimo nome, apelido, nazwisko, contact last name, familienname kunde
    """,
    "age": """
        age, customer age, age years, age in years, alter, edad, leeftijd, age of customer, current age, age now, alter in jahren,
        alter jahre, age client, age ans, edad cliente, edad anos, eta, idade, wiek, leeftijd klant
    """,
    "birth_year": """
        birth year, year of birth, year birth, birthyear, yob, geburtsjahr, annee de naissance, ano de nacimiento, geboortejaar,
        birth y, born year, year born, born in, jahrgang, geburts jahr, annee naissance, annee de naissance client, ano nacimiento,
        anno di nascita, anno nascita, ano de nascimento, rok urodzenia
    """,
    "gender": """
        gender, sex, customer gender, geschlecht, genre, sexe, genero, sexo, geslacht, sex of customer, gender code, gender identity,
        m f, anrede, geschlecht kunde, sexe client, civilite, sexo cliente, sesso, genere, plec, geslacht klant, customer sex,
        predicted gender, salutation gender
    """,
    "income": """
        income, annual income, yearly income, household income, estimated salary, salary, annual salary, einkommen, jahreseinkommen,
        revenu, revenu annuel, ingresos, ingreso anual, inkomen, monthly income, income usd, net income, personal
        income, income per year, total income, jahresgehalt, gehalt, haushaltseinkommen, nettoeinkommen, bruttoeinkommen, salaire,
        salaire annuel, revenus, revenu du foyer, salario, sueldo, renta, ingresos anuales, reddito, reddito annuo, renda, renda
        anual, dochod, jaarinkomen
    """,
    "education": """
        education, education level, schooling, bildung, bildungsabschluss, education niveau, educacion, opleiding, education status,
        qualification, highest education, degree, abschluss, schulabschluss, niveau d etudes, niveau etudes, diplome, formation,
        estudios, nivel de estudios, nivel educativo, istruzione, titolo di studio, escolaridade, educacao, wyksztalcenie,
        opleidingsniveau
    """,
    "marital_status": """
        marital status, marital, relationship status, familienstand, etat civil, situation familiale, estado civil, burgerlijke
        staat, marital state, civil status, married, maritalstatus, family status, zivilstand, statut marital, statut matrimonial,
        stato civile, estado marital, stan cywilny, burgerlijke stand
    """,
    "consent": """
        consent, marketing consent, email consent, email marketing consent, opt in, accepts marketing, accepts email marketing, email
        opt in, newsletter, subscribed, marketing opt in, email marketing status, einwilligung, consentement, consentimiento, accepts
        email, accepts sms marketing, sms consent, gdpr consent, optin, opted in, email opted in, newsletter subscription, newsletter
        opt in, subscriber, subscription status, email permission, permission to contact, allow marketing, is subscribed, member
        rating consent, email subscription status, marketing permissions, marketing opt in status, newsletter anmeldung,
        werbeeinwilligung, werbung erlaubt, zustimmung, einverstandnis, abonne newsletter, inscrit newsletter, optin newsletter,
        consentement marketing, acepta marketing, boletin, suscrito, consenso, consenso marketing, iscritto newsletter,
        consentimento, aceita marketing, nieuwsbrief, toestemming, zgoda, zgoda marketingowa
    """,
    "signup_date": """
        signup date, sign up date, customer since, became a customer date, signup, dt customer, registration date, registered at,
        date registered, join date, joined, member since, date joined, account created, enrollment date, registrierungsdatum, kunde
        seit, date inscription, fecha registro, fecha de alta, registered, registered on, registered date, registration, date of
        registration, date created customer, customer created at, customer created, account created at, account created date, account
        creation date, created by customer on, create date, optin time, confirm time, subscribed at, subscription date, first seen,
        first active, enrolled on, enrolment date, joining date, date of joining, member from, became customer, date added, profile
        created on, added on, kunde seit wann, angelegt am, registriert am, registriert seit, anmeldedatum, beitrittsdatum, mitglied
        seit, erstellt am, eintrittsdatum, date d inscription, date creation, date de creation, date creation compte, client depuis,
        inscrit le, cliente desde, fecha de registro, fecha alta, alta, fecha de creacion, data registrazione, data di registrazione,
        data iscrizione, cliente dal, data de cadastro, data cadastro, data rejestracji, klient od, klant sinds, inschrijfdatum,
        registratiedatum, sign up
    """,
    "birth_date": """
        birth date, birthdate, date of birth, dob, birthday, born, born on, customer birth date, geburtsdatum, geburtstag, geboren
        am, geb datum, date de naissance, date naissance, anniversaire, ne le, fecha de nacimiento, fecha nacimiento, cumpleanos,
        data di nascita, data nascita, data de nascimento, nascimento, geboortedatum, verjaardag, data urodzenia
    """,
    "last_order": """
        last order date, last order, last purchase date, last purchase, last purchased at, last order at, last ordered, last order
        created at, date of last order, date of last purchase, last transaction date, last transaction, last bought, most recent
        order date, most recent purchase, recent deal close date, last sale date, last invoice date, letzte bestellung, letzter kauf,
        letztes kaufdatum, datum letzte bestellung, letzte bestellung am, letzter einkauf, derniere commande, dernier achat, date
        derniere commande, date de derniere commande, date dernier achat, ultimo pedido, ultima compra, fecha ultimo pedido, fecha
        ultima compra, fecha de ultima compra, ultimo ordine, ultimo acquisto, data ultimo ordine, data ultimo acquisto, data ultima
        compra, data da ultima compra, laatste bestelling, laatste aankoop, ostatnie zamowienie, ostatni zakup, data ostatniego
        zakupu,
        last gift date, last gift, last donation date, last donation, last booking, last stay, letzter besuch, letzte buchung
    """,
    "time": """
        order time, purchase time, time of purchase, sale time, sales time, time of day, time, time of sale, invoice time, order
        hour, hour, uhrzeit, bestellzeit, kaufzeit, zeit, heure, heure commande, heure de commande, hora, hora pedido, hora de
        compra, ora, ora ordine, tijd, tijdstip, godzina, czas
    """,
}
HEADERS: dict[str, tuple[str, ...]] = {role: tuple(" ".join(part.split()) for part in text.split(",")) for role, text in _HEADERS.items()}
"""Role to its headers."""
