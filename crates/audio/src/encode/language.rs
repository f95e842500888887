/// The three-letter code (ISO 639-2/T) of a BCP 47 tag's language, as ID3 wants it; none where there is none.
pub(super) fn iso_639_2(tag: &str) -> Option<&str> {
    let language = tag.split('-').next()?;
    match language.len() {
        2 => TWO_AND_THREE.split(' ').find_map(|pair| {
            let (two, three) = pair.split_at(2);
            language.eq_ignore_ascii_case(two).then_some(three)
        }),
        3 => Some(language),
        _ => None,
    }
}

/// The codes of ISO 639-1, each with that of ISO 639-2/T behind it.
const TWO_AND_THREE: &str = "\
    aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bhbih \
    bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan \
    dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra \
    fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat huhun hyhye hzher \
    iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua \
    kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin \
    lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob \
    ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan pipli \
    plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk \
    slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir \
    tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol \
    wawln wowol xhxho yiyid yoyor zazha zhzho zuzul";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_three_letters() {
        assert_eq!(iso_639_2("en"), Some("eng"));
        assert_eq!(iso_639_2("de-CH"), Some("deu"));
        assert_eq!(iso_639_2("zxx"), Some("zxx"));
        assert_eq!(iso_639_2("zu"), Some("zul"));
        assert_eq!(iso_639_2("xx"), None);
        assert_eq!(iso_639_2(""), None);
        assert!(TWO_AND_THREE.split(' ').all(|pair| pair.len() == 5));
    }
}
