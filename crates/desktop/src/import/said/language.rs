/// A language as BCP 47 has it: ISO 639's two letters where there are two, for tags mostly have ISO 639-2's three.
///
/// What is not known is returned as it is; "und" (undetermined) says nothing.
pub(super) fn bcp_47(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if lower.is_empty() || lower == "und" || lower == "xxx" {
        return None;
    }
    let short = PAIRS.split(' ').find_map(|pair| pair.split_once('=').filter(|(long, _)| *long == lower));
    Some(match short {
        Some((_, short)) => short.to_owned(),
        // Codes are written in lower case; "pt-BR" and names stay as they are.
        None if text.len() <= 3 => lower,
        None => text.to_owned(),
    })
}

/// ISO 639-2, both its bibliographic and its terminological codes, and ISO 639-1.
const PAIRS: &str = "\
afr=af alb=sq sqi=sq amh=am ara=ar arm=hy hye=hy aze=az baq=eu eus=eu bel=be ben=bn bos=bs bre=br bul=bg bur=my mya=my \
cat=ca chi=zh zho=zh cor=kw cos=co cym=cy wel=cy cze=cs ces=cs dan=da deu=de ger=de dut=nl nld=nl eng=en epo=eo est=et \
fao=fo fas=fa per=fa fin=fi fra=fr fre=fr fry=fy geo=ka kat=ka gla=gd gle=ga glg=gl ell=el gre=el guj=gu hat=ht hau=ha \
hbs=sh heb=he hin=hi hrv=hr hun=hu ibo=ig ice=is isl=is ind=id ita=it jav=jv jpn=ja kal=kl kan=kn kaz=kk khm=km kin=rw \
kor=ko kur=ku lao=lo lat=la lav=lv lin=ln lit=lt ltz=lb lub=lu mac=mk mkd=mk mal=ml mao=mi mri=mi mar=mr may=ms msa=ms \
mlg=mg mlt=mt mon=mn nep=ne nno=nn nob=nb nor=no oci=oc pan=pa pol=pl por=pt pus=ps que=qu roh=rm ron=ro rum=ro rus=ru \
san=sa sin=si slk=sk slo=sk slv=sl smo=sm sna=sn som=so spa=es sqi=sq srp=sr swa=sw swe=sv tam=ta tat=tt tel=te tgk=tg \
tgl=tl tha=th bod=bo tib=bo ton=to tuk=tk tur=tr uig=ug ukr=uk urd=ur uzb=uz vie=vi wol=wo xho=xh yid=yi yor=yo zul=zu";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_tags_become_tags_of_bcp_47() {
        for (text, expected) in [
            ("eng", Some("en")),
            ("ENG", Some("en")),
            ("ger", Some("de")),
            ("deu", Some("de")),
            ("en", Some("en")),
            ("DE", Some("de")),
            ("pt-BR", Some("pt-BR")),
            ("zxx", Some("zxx")),
            ("haw", Some("haw")),
            ("English", Some("English")),
            ("und", None),
            (" ", None),
        ] {
            assert_eq!(bcp_47(text).as_deref(), expected, "{text:?}");
        }
    }
}
