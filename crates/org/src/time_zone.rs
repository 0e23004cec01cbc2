//! Time zones: when a company's day begins.

use meta::Choice;

/// Where clocks show what: decides which day it is for a company. Codes are those of the IANA database, whose rules
/// (summer time among them) are built into the program.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub enum TimeZone {
    #[choice(code = "UTC", label = "UTC", zh = "协调世界时")]
    Utc,
    #[choice(code = "Asia/Shanghai", label = "China", zh = "中国")]
    AsiaShanghai,
    #[choice(code = "Asia/Hong_Kong", label = "Hong Kong", zh = "中国香港")]
    AsiaHongKong,
    #[choice(code = "Asia/Macau", label = "Macao", zh = "中国澳门")]
    AsiaMacau,
    #[choice(code = "Asia/Taipei", label = "Taipei", zh = "台北")]
    AsiaTaipei,
    #[choice(code = "Asia/Tokyo", label = "Japan", zh = "日本")]
    AsiaTokyo,
    #[choice(code = "Asia/Seoul", label = "Korea", zh = "韩国")]
    AsiaSeoul,
    #[choice(code = "Asia/Singapore", label = "Singapore", zh = "新加坡")]
    AsiaSingapore,
    #[choice(code = "Asia/Kuala_Lumpur", label = "Malaysia", zh = "马来西亚")]
    AsiaKualaLumpur,
    #[choice(code = "Asia/Manila", label = "Philippines", zh = "菲律宾")]
    AsiaManila,
    #[choice(code = "Asia/Jakarta", label = "Indonesia, west (Jakarta)", zh = "印度尼西亚西部（雅加达）")]
    AsiaJakarta,
    #[choice(code = "Asia/Makassar", label = "Indonesia, centre (Makassar)", zh = "印度尼西亚中部（望加锡）")]
    AsiaMakassar,
    #[choice(code = "Asia/Jayapura", label = "Indonesia, east (Jayapura)", zh = "印度尼西亚东部（查亚普拉）")]
    AsiaJayapura,
    #[choice(code = "Asia/Bangkok", label = "Thailand", zh = "泰国")]
    AsiaBangkok,
    #[choice(code = "Asia/Ho_Chi_Minh", label = "Vietnam", zh = "越南")]
    AsiaHoChiMinh,
    #[choice(code = "Asia/Phnom_Penh", label = "Cambodia", zh = "柬埔寨")]
    AsiaPhnomPenh,
    #[choice(code = "Asia/Vientiane", label = "Laos", zh = "老挝")]
    AsiaVientiane,
    #[choice(code = "Asia/Yangon", label = "Myanmar", zh = "缅甸")]
    AsiaYangon,
    #[choice(code = "Asia/Ulaanbaatar", label = "Mongolia", zh = "蒙古")]
    AsiaUlaanbaatar,
    #[choice(code = "Asia/Dhaka", label = "Bangladesh", zh = "孟加拉国")]
    AsiaDhaka,
    #[choice(code = "Asia/Kathmandu", label = "Nepal", zh = "尼泊尔")]
    AsiaKathmandu,
    #[choice(code = "Asia/Kolkata", label = "India", zh = "印度")]
    AsiaKolkata,
    #[choice(code = "Asia/Colombo", label = "Sri Lanka", zh = "斯里兰卡")]
    AsiaColombo,
    #[choice(code = "Asia/Karachi", label = "Pakistan", zh = "巴基斯坦")]
    AsiaKarachi,
    #[choice(code = "Asia/Kabul", label = "Afghanistan", zh = "阿富汗")]
    AsiaKabul,
    #[choice(code = "Asia/Tashkent", label = "Uzbekistan", zh = "乌兹别克斯坦")]
    AsiaTashkent,
    #[choice(code = "Asia/Almaty", label = "Kazakhstan", zh = "哈萨克斯坦")]
    AsiaAlmaty,
    #[choice(code = "Asia/Bishkek", label = "Kyrgyzstan", zh = "吉尔吉斯斯坦")]
    AsiaBishkek,
    #[choice(code = "Asia/Dubai", label = "United Arab Emirates", zh = "阿联酋")]
    AsiaDubai,
    #[choice(code = "Asia/Baku", label = "Azerbaijan", zh = "阿塞拜疆")]
    AsiaBaku,
    #[choice(code = "Asia/Tbilisi", label = "Georgia", zh = "格鲁吉亚")]
    AsiaTbilisi,
    #[choice(code = "Asia/Yerevan", label = "Armenia", zh = "亚美尼亚")]
    AsiaYerevan,
    #[choice(code = "Asia/Tehran", label = "Iran", zh = "伊朗")]
    AsiaTehran,
    #[choice(code = "Asia/Riyadh", label = "Saudi Arabia", zh = "沙特阿拉伯")]
    AsiaRiyadh,
    #[choice(code = "Asia/Qatar", label = "Qatar", zh = "卡塔尔")]
    AsiaQatar,
    #[choice(code = "Asia/Kuwait", label = "Kuwait", zh = "科威特")]
    AsiaKuwait,
    #[choice(code = "Asia/Baghdad", label = "Iraq", zh = "伊拉克")]
    AsiaBaghdad,
    #[choice(code = "Asia/Amman", label = "Jordan", zh = "约旦")]
    AsiaAmman,
    #[choice(code = "Asia/Beirut", label = "Lebanon", zh = "黎巴嫩")]
    AsiaBeirut,
    #[choice(code = "Asia/Jerusalem", label = "Israel", zh = "以色列")]
    AsiaJerusalem,
    #[choice(code = "Asia/Nicosia", label = "Cyprus", zh = "塞浦路斯")]
    AsiaNicosia,
    #[choice(code = "Asia/Yekaterinburg", label = "Russia, Yekaterinburg", zh = "俄罗斯（叶卡捷琳堡）")]
    AsiaYekaterinburg,
    #[choice(code = "Asia/Novosibirsk", label = "Russia, Novosibirsk", zh = "俄罗斯（新西伯利亚）")]
    AsiaNovosibirsk,
    #[choice(code = "Asia/Irkutsk", label = "Russia, Irkutsk", zh = "俄罗斯（伊尔库茨克）")]
    AsiaIrkutsk,
    #[choice(code = "Asia/Vladivostok", label = "Russia, Vladivostok", zh = "俄罗斯（符拉迪沃斯托克）")]
    AsiaVladivostok,
    #[choice(code = "Europe/Moscow", label = "Russia, Moscow", zh = "俄罗斯（莫斯科）")]
    EuropeMoscow,
    #[choice(code = "Europe/Istanbul", label = "Türkiye", zh = "土耳其")]
    EuropeIstanbul,
    #[choice(code = "Europe/London", label = "United Kingdom", zh = "英国")]
    EuropeLondon,
    #[choice(code = "Europe/Dublin", label = "Ireland", zh = "爱尔兰")]
    EuropeDublin,
    #[choice(code = "Europe/Lisbon", label = "Portugal", zh = "葡萄牙")]
    EuropeLisbon,
    #[choice(code = "Europe/Madrid", label = "Spain", zh = "西班牙")]
    EuropeMadrid,
    #[choice(code = "Europe/Paris", label = "France", zh = "法国")]
    EuropeParis,
    #[choice(code = "Europe/Brussels", label = "Belgium", zh = "比利时")]
    EuropeBrussels,
    #[choice(code = "Europe/Amsterdam", label = "Netherlands", zh = "荷兰")]
    EuropeAmsterdam,
    #[choice(code = "Europe/Luxembourg", label = "Luxembourg", zh = "卢森堡")]
    EuropeLuxembourg,
    #[choice(code = "Europe/Berlin", label = "Germany", zh = "德国")]
    EuropeBerlin,
    #[choice(code = "Europe/Zurich", label = "Switzerland", zh = "瑞士")]
    EuropeZurich,
    #[choice(code = "Europe/Vienna", label = "Austria", zh = "奥地利")]
    EuropeVienna,
    #[choice(code = "Europe/Rome", label = "Italy", zh = "意大利")]
    EuropeRome,
    #[choice(code = "Europe/Copenhagen", label = "Denmark", zh = "丹麦")]
    EuropeCopenhagen,
    #[choice(code = "Europe/Oslo", label = "Norway", zh = "挪威")]
    EuropeOslo,
    #[choice(code = "Europe/Stockholm", label = "Sweden", zh = "瑞典")]
    EuropeStockholm,
    #[choice(code = "Europe/Helsinki", label = "Finland", zh = "芬兰")]
    EuropeHelsinki,
    #[choice(code = "Europe/Warsaw", label = "Poland", zh = "波兰")]
    EuropeWarsaw,
    #[choice(code = "Europe/Prague", label = "Czechia", zh = "捷克")]
    EuropePrague,
    #[choice(code = "Europe/Bratislava", label = "Slovakia", zh = "斯洛伐克")]
    EuropeBratislava,
    #[choice(code = "Europe/Budapest", label = "Hungary", zh = "匈牙利")]
    EuropeBudapest,
    #[choice(code = "Europe/Ljubljana", label = "Slovenia", zh = "斯洛文尼亚")]
    EuropeLjubljana,
    #[choice(code = "Europe/Zagreb", label = "Croatia", zh = "克罗地亚")]
    EuropeZagreb,
    #[choice(code = "Europe/Belgrade", label = "Serbia", zh = "塞尔维亚")]
    EuropeBelgrade,
    #[choice(code = "Europe/Bucharest", label = "Romania", zh = "罗马尼亚")]
    EuropeBucharest,
    #[choice(code = "Europe/Sofia", label = "Bulgaria", zh = "保加利亚")]
    EuropeSofia,
    #[choice(code = "Europe/Athens", label = "Greece", zh = "希腊")]
    EuropeAthens,
    #[choice(code = "Europe/Kyiv", label = "Ukraine", zh = "乌克兰")]
    EuropeKyiv,
    #[choice(code = "Europe/Vilnius", label = "Lithuania", zh = "立陶宛")]
    EuropeVilnius,
    #[choice(code = "Europe/Riga", label = "Latvia", zh = "拉脱维亚")]
    EuropeRiga,
    #[choice(code = "Europe/Tallinn", label = "Estonia", zh = "爱沙尼亚")]
    EuropeTallinn,
    #[choice(code = "Atlantic/Reykjavik", label = "Iceland", zh = "冰岛")]
    AtlanticReykjavik,
    #[choice(code = "Africa/Cairo", label = "Egypt", zh = "埃及")]
    AfricaCairo,
    #[choice(code = "Africa/Casablanca", label = "Morocco", zh = "摩洛哥")]
    AfricaCasablanca,
    #[choice(code = "Africa/Algiers", label = "Algeria", zh = "阿尔及利亚")]
    AfricaAlgiers,
    #[choice(code = "Africa/Lagos", label = "Nigeria", zh = "尼日利亚")]
    AfricaLagos,
    #[choice(code = "Africa/Accra", label = "Ghana", zh = "加纳")]
    AfricaAccra,
    #[choice(code = "Africa/Nairobi", label = "Kenya", zh = "肯尼亚")]
    AfricaNairobi,
    #[choice(code = "Africa/Addis_Ababa", label = "Ethiopia", zh = "埃塞俄比亚")]
    AfricaAddisAbaba,
    #[choice(code = "Africa/Dar_es_Salaam", label = "Tanzania", zh = "坦桑尼亚")]
    AfricaDarEsSalaam,
    #[choice(code = "Africa/Johannesburg", label = "South Africa", zh = "南非")]
    AfricaJohannesburg,
    #[choice(code = "America/St_Johns", label = "Canada, Newfoundland", zh = "加拿大（纽芬兰）")]
    AmericaStJohns,
    #[choice(code = "America/Halifax", label = "Canada, Atlantic", zh = "加拿大（大西洋）")]
    AmericaHalifax,
    #[choice(code = "America/Toronto", label = "Canada, Eastern (Toronto)", zh = "加拿大东部（多伦多）")]
    AmericaToronto,
    #[choice(code = "America/Winnipeg", label = "Canada, Central (Winnipeg)", zh = "加拿大中部（温尼伯）")]
    AmericaWinnipeg,
    #[choice(code = "America/Edmonton", label = "Canada, Mountain (Edmonton)", zh = "加拿大山区（埃德蒙顿）")]
    AmericaEdmonton,
    #[choice(code = "America/Vancouver", label = "Canada, Pacific (Vancouver)", zh = "加拿大太平洋（温哥华）")]
    AmericaVancouver,
    #[choice(code = "America/New_York", label = "United States, Eastern", zh = "美国东部")]
    AmericaNewYork,
    #[choice(code = "America/Chicago", label = "United States, Central", zh = "美国中部")]
    AmericaChicago,
    #[choice(code = "America/Denver", label = "United States, Mountain", zh = "美国山区")]
    AmericaDenver,
    #[choice(code = "America/Phoenix", label = "United States, Arizona", zh = "美国亚利桑那")]
    AmericaPhoenix,
    #[choice(code = "America/Los_Angeles", label = "United States, Pacific", zh = "美国太平洋")]
    AmericaLosAngeles,
    #[choice(code = "America/Anchorage", label = "United States, Alaska", zh = "美国阿拉斯加")]
    AmericaAnchorage,
    #[choice(code = "Pacific/Honolulu", label = "United States, Hawaii", zh = "美国夏威夷")]
    PacificHonolulu,
    #[choice(code = "America/Mexico_City", label = "Mexico, centre", zh = "墨西哥中部")]
    AmericaMexicoCity,
    #[choice(code = "America/Tijuana", label = "Mexico, north-west (Tijuana)", zh = "墨西哥西北部（蒂华纳）")]
    AmericaTijuana,
    #[choice(code = "America/Guatemala", label = "Guatemala", zh = "危地马拉")]
    AmericaGuatemala,
    #[choice(code = "America/Costa_Rica", label = "Costa Rica", zh = "哥斯达黎加")]
    AmericaCostaRica,
    #[choice(code = "America/Panama", label = "Panama", zh = "巴拿马")]
    AmericaPanama,
    #[choice(code = "America/Santo_Domingo", label = "Dominican Republic", zh = "多米尼加")]
    AmericaSantoDomingo,
    #[choice(code = "America/Bogota", label = "Colombia", zh = "哥伦比亚")]
    AmericaBogota,
    #[choice(code = "America/Caracas", label = "Venezuela", zh = "委内瑞拉")]
    AmericaCaracas,
    #[choice(code = "America/Guayaquil", label = "Ecuador", zh = "厄瓜多尔")]
    AmericaGuayaquil,
    #[choice(code = "America/Lima", label = "Peru", zh = "秘鲁")]
    AmericaLima,
    #[choice(code = "America/La_Paz", label = "Bolivia", zh = "玻利维亚")]
    AmericaLaPaz,
    #[choice(code = "America/Santiago", label = "Chile", zh = "智利")]
    AmericaSantiago,
    #[choice(code = "America/Asuncion", label = "Paraguay", zh = "巴拉圭")]
    AmericaAsuncion,
    #[choice(code = "America/Montevideo", label = "Uruguay", zh = "乌拉圭")]
    AmericaMontevideo,
    #[choice(code = "America/Argentina/Buenos_Aires", label = "Argentina", zh = "阿根廷")]
    AmericaArgentinaBuenosAires,
    #[choice(code = "America/Sao_Paulo", label = "Brazil, east (São Paulo)", zh = "巴西东部（圣保罗）")]
    AmericaSaoPaulo,
    #[choice(code = "America/Manaus", label = "Brazil, Amazon (Manaus)", zh = "巴西亚马孙（马瑙斯）")]
    AmericaManaus,
    #[choice(code = "Australia/Perth", label = "Australia, Western", zh = "澳大利亚西部")]
    AustraliaPerth,
    #[choice(code = "Australia/Darwin", label = "Australia, Northern Territory", zh = "澳大利亚北领地")]
    AustraliaDarwin,
    #[choice(code = "Australia/Adelaide", label = "Australia, South", zh = "澳大利亚南部")]
    AustraliaAdelaide,
    #[choice(code = "Australia/Brisbane", label = "Australia, Queensland", zh = "澳大利亚昆士兰")]
    AustraliaBrisbane,
    #[choice(code = "Australia/Sydney", label = "Australia, Eastern (Sydney)", zh = "澳大利亚东部（悉尼）")]
    AustraliaSydney,
    #[choice(code = "Pacific/Auckland", label = "New Zealand", zh = "新西兰")]
    PacificAuckland,
    #[choice(code = "Pacific/Fiji", label = "Fiji", zh = "斐济")]
    PacificFiji,
    #[choice(code = "Pacific/Guam", label = "Guam", zh = "关岛")]
    PacificGuam,
    #[choice(code = "Pacific/Port_Moresby", label = "Papua New Guinea", zh = "巴布亚新几内亚")]
    PacificPortMoresby,
}

impl TimeZone {
    /// The zone of a country that has one only, by its two letters; none for those with several, such as the United
    /// States, and for those not told apart here. Islands far from the land (the Azores, the Canaries) leave a country
    /// out: Portugal and Spain have two. Source: `zone.tab` of the IANA database.
    #[rustfmt::skip]
    pub fn of_country(country: &str) -> Option<TimeZone> {
        use TimeZone::*;
        Some(match country {
            "AE" => AsiaDubai, "AF" => AsiaKabul, "AM" => AsiaYerevan, "AR" => AmericaArgentinaBuenosAires,
            "AT" => EuropeVienna, "AZ" => AsiaBaku, "BD" => AsiaDhaka, "BE" => EuropeBrussels,
            "BG" => EuropeSofia, "BO" => AmericaLaPaz, "CH" => EuropeZurich, "CN" => AsiaShanghai,
            "CO" => AmericaBogota, "CR" => AmericaCostaRica, "CY" => AsiaNicosia, "CZ" => EuropePrague,
            "DE" => EuropeBerlin, "DK" => EuropeCopenhagen, "DO" => AmericaSantoDomingo, "DZ" => AfricaAlgiers,
            "EE" => EuropeTallinn, "EG" => AfricaCairo, "ET" => AfricaAddisAbaba, "FI" => EuropeHelsinki,
            "FJ" => PacificFiji, "FR" => EuropeParis, "GB" => EuropeLondon, "GE" => AsiaTbilisi,
            "GH" => AfricaAccra, "GR" => EuropeAthens, "GT" => AmericaGuatemala, "HK" => AsiaHongKong,
            "HR" => EuropeZagreb, "HU" => EuropeBudapest, "IE" => EuropeDublin, "IL" => AsiaJerusalem,
            "IN" => AsiaKolkata, "IQ" => AsiaBaghdad, "IR" => AsiaTehran, "IS" => AtlanticReykjavik,
            "IT" => EuropeRome, "JO" => AsiaAmman, "JP" => AsiaTokyo, "KE" => AfricaNairobi,
            "KG" => AsiaBishkek, "KH" => AsiaPhnomPenh, "KR" => AsiaSeoul, "KW" => AsiaKuwait,
            "KZ" => AsiaAlmaty, "LA" => AsiaVientiane, "LB" => AsiaBeirut, "LK" => AsiaColombo,
            "LT" => EuropeVilnius, "LU" => EuropeLuxembourg, "LV" => EuropeRiga, "MA" => AfricaCasablanca,
            "MM" => AsiaYangon, "MO" => AsiaMacau, "MY" => AsiaKualaLumpur, "NG" => AfricaLagos,
            "NL" => EuropeAmsterdam, "NO" => EuropeOslo, "NP" => AsiaKathmandu, "PA" => AmericaPanama,
            "PE" => AmericaLima, "PH" => AsiaManila, "PK" => AsiaKarachi, "PL" => EuropeWarsaw,
            "PY" => AmericaAsuncion, "QA" => AsiaQatar, "RO" => EuropeBucharest, "RS" => EuropeBelgrade,
            "SA" => AsiaRiyadh, "SE" => EuropeStockholm, "SG" => AsiaSingapore, "SI" => EuropeLjubljana,
            "SK" => EuropeBratislava, "TH" => AsiaBangkok, "TR" => EuropeIstanbul, "TW" => AsiaTaipei,
            "TZ" => AfricaDarEsSalaam, "UA" => EuropeKyiv, "UY" => AmericaMontevideo, "UZ" => AsiaTashkent,
            "VE" => AmericaCaracas, "VN" => AsiaHoChiMinh, "ZA" => AfricaJohannesburg,
            _ => return None,
        })
    }
}
