use std::io::{Cursor, Read, Seek};

use lofty::aac::AacFile;
use lofty::config::{GlobalOptions, ParseOptions, apply_global_options};
use lofty::file::AudioFile;
use lofty::flac::FlacFile;
use lofty::id3::v2::{Frame, Id3v2Tag};
use lofty::iff::aiff::AiffFile;
use lofty::iff::wav::WavFile;
use lofty::mp4::{AtomData, AtomIdent, Ilst, Mp4File};
use lofty::mpeg::MpegFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OggPictureStorage as _, VorbisFile};
use lofty::picture::{Picture, PictureType};
use lofty::tag::Accessor as _;
use release::{Container, Sha256};

use super::riff::{self, Chunks};
use super::{Block, FileTags, TagKey, caf, key};

/// Reads the tags of a file that stands at its start. Of several blocks, one that makes no sense does not keep the
/// others from being read.
pub(in crate::import) fn read(file: &mut (impl Read + Seek), container: Container) -> FileTags {
    let mut raw = Raw::default();
    let trouble = raw.read(file, container).err();
    let mut tags = FileTags { picture: raw.picture().map(Sha256::of), trouble, ..FileTags::default() };
    // What is read first counts; formats that carry ID3 beside tags of their own mostly carry the fuller ones there.
    if let Some(vorbis) = &raw.vorbis {
        of_names(vorbis.items()).under(&mut tags);
    }
    if let Some(id3) = &raw.id3 {
        of_id3(id3).under(&mut tags);
    }
    if let Some(ilst) = &raw.ilst {
        of_mp4(ilst).under(&mut tags);
    }
    of_chunks(&raw.chunks).under(&mut tags);
    of_aiff_texts(&raw.aiff_texts).under(&mut tags);
    of_names(raw.caf_info.iter().map(|(name, value)| (name.as_str(), value.as_str()))).under(&mut tags);
    tags
}

/// Reads the picture in the tags of a file that stands at its start: the front cover, or else the first.
pub(in crate::import) fn read_picture(file: &mut (impl Read + Seek), container: Container) -> Option<Vec<u8>> {
    let mut raw = Raw::default();
    raw.read(file, container).ok()?;
    raw.picture().map(<[u8]>::to_vec)
}

/// Tags as they stand in a file.
#[derive(Default)]
struct Raw {
    vorbis: Option<VorbisComments>,
    id3: Option<Id3v2Tag>,
    ilst: Option<Ilst>,
    chunks: Chunks,
    /// `NAME`, `AUTH` and `(c) `.
    aiff_texts: [Option<String>; 3],
    caf_info: Vec<(String, String)>,
    pictures: Vec<Picture>,
}

impl Raw {
    /// Reads what there is; what was read before an error stays.
    fn read(&mut self, file: &mut (impl Read + Seek), container: Container) -> Result<(), String> {
        // The default of 16 MiB for one field would lose the tags of files with a large picture.
        apply_global_options(GlobalOptions::new().allocation_limit(64 * 1024 * 1024));
        let options = ParseOptions::new().read_properties(false);
        let said = |error: &dyn std::fmt::Display| error.to_string();
        match container {
            Container::Wav | Container::Rf64 => {
                self.chunks = riff::chunks(file).map_err(|e| said(&e))?;
                if let Some(id3) = self.chunks.id3.take() {
                    let mut wave = Cursor::new(wave_around(&id3));
                    self.id3 = WavFile::read_from(&mut wave, options).map_err(|e| said(&e))?.remove_id3v2();
                }
            }
            Container::Aiff => {
                let mut aiff = AiffFile::read_from(file, options).map_err(|e| said(&e))?;
                self.id3 = aiff.remove_id3v2();
                if let Some(texts) = aiff.remove_text_chunks() {
                    self.aiff_texts = [texts.name, texts.author, texts.copyright];
                }
            }
            Container::Flac => {
                let mut flac = FlacFile::read_from(file, options).map_err(|e| said(&e))?;
                self.pictures = flac.pictures().iter().map(|(picture, _)| picture.clone()).collect();
                self.vorbis = flac.remove_vorbis_comments();
                self.id3 = flac.remove_id3v2();
            }
            Container::Ogg => {
                let mut ogg = VorbisFile::read_from(file, options).map_err(|e| said(&e))?;
                self.vorbis = Some(std::mem::take(ogg.vorbis_comments_mut()));
            }
            Container::Mp4 => {
                self.ilst = Mp4File::read_from(file, options).map_err(|e| said(&e))?.remove_ilst();
            }
            Container::Mp3 => self.id3 = MpegFile::read_from(file, options).map_err(|e| said(&e))?.remove_id3v2(),
            Container::Adts => self.id3 = AacFile::read_from(file, options).map_err(|e| said(&e))?.remove_id3v2(),
            Container::Caf => self.caf_info = caf::info(file).map_err(|e| said(&e))?,
        }
        Ok(())
    }

    fn picture(&self) -> Option<&[u8]> {
        let in_vorbis = self.vorbis.iter().flat_map(|vorbis| vorbis.pictures().iter().map(|(picture, _)| picture));
        let in_id3 = self.id3.iter().flat_map(|id3| {
            id3.into_iter().filter_map(|frame| match frame {
                Frame::Picture(attached) => Some(&*attached.picture),
                _ => None,
            })
        });
        let in_mp4 = self.ilst.iter().filter_map(Ilst::pictures).flatten();
        let all: Vec<&Picture> = self.pictures.iter().chain(in_vorbis).chain(in_id3).chain(in_mp4).collect();
        let front = all.iter().find(|picture| picture.pic_type() == PictureType::CoverFront);
        front.or(all.first()).map(|picture| picture.data()).filter(|data| !data.is_empty())
    }
}

/// A WAV file that holds an ID3 tag and nothing else: the tag is read alike in WAV, RF64 and BW64.
fn wave_around(id3: &[u8]) -> Vec<u8> {
    let size = u32::try_from(id3.len()).unwrap_or(u32::MAX);
    let mut wave = b"RIFF\0\0\0\0WAVEid3 ".to_vec();
    wave.extend(size.to_le_bytes());
    wave.extend(id3);
    wave.resize(wave.len().next_multiple_of(2), 0);
    let whole = u32::try_from(wave.len() - 8).unwrap_or(u32::MAX);
    wave[4..8].copy_from_slice(&whole.to_le_bytes());
    wave
}

fn of_names<'a>(values: impl Iterator<Item = (&'a str, &'a str)>) -> Block {
    let mut block = Block::default();
    for (name, value) in values {
        if let Some(key) = key::named(name) {
            block.push(key, value);
        }
    }
    block
}

fn of_id3(id3: &Id3v2Tag) -> Block {
    let mut block = Block::default();
    for frame in id3 {
        match frame {
            // Genres may be numbers of a list.
            Frame::Text(_) if frame.id_str() == "TCON" => {
                for genre in id3.genres().into_iter().flatten() {
                    block.push(TagKey::Genre, genre);
                }
            }
            Frame::Text(text) => {
                if let Some(key) = key::id3(frame.id_str()) {
                    block.push_all(key, &text.value);
                }
            }
            Frame::Timestamp(time) => {
                if let Some(key) = key::id3(frame.id_str()) {
                    block.push(key, time.timestamp.to_string());
                }
            }
            Frame::UserText(text) => {
                if let Some(key) = key::named(&text.description) {
                    block.push_all(key, &text.content);
                }
            }
            Frame::KeyValue(pairs) if frame.id_str() == "TIPL" => {
                for (_, name) in pairs.key_value_pairs.iter().filter(|(role, _)| role.eq_ignore_ascii_case("producer"))
                {
                    block.push(TagKey::Producer, name.as_ref());
                }
            }
            _ => {}
        }
    }
    block
}

fn of_mp4(ilst: &Ilst) -> Block {
    let mut block = Block::default();
    for atom in ilst {
        let key = match atom.ident() {
            AtomIdent::Fourcc(name) => key::mp4(*name),
            AtomIdent::Freeform { name, .. } => key::named(name),
        };
        let Some(key) = key else { continue };
        for data in atom.data() {
            if let AtomData::UTF8(text) | AtomData::UTF16(text) = data {
                block.push(key, text);
            }
        }
    }
    if let Some(number) = ilst.track() {
        block.push(TagKey::Number, of_total(number, ilst.track_total()));
    }
    if let Some(number) = ilst.disk() {
        block.push(TagKey::Disc, of_total(number, ilst.disk_total()));
    }
    if let Some(rating) = ilst.advisory_rating() {
        block.push(TagKey::Advisory, rating.as_u8().to_string());
    }
    block
}

fn of_total(number: u32, total: Option<u32>) -> String {
    total.map_or_else(|| number.to_string(), |total| format!("{number}/{total}"))
}

fn of_chunks(chunks: &Chunks) -> Block {
    let mut block = Block::default();
    for (name, value) in &chunks.info {
        if let Some(key) = key::riff(name) {
            block.push(key, value);
        }
    }
    if let Some(isrc) = chunks.axml.as_deref().and_then(riff::isrc_in) {
        block.push(TagKey::Isrc, isrc);
    }
    block
}

fn of_aiff_texts(texts: &[Option<String>; 3]) -> Block {
    let mut block = Block::default();
    for (key, text) in [TagKey::Title, TagKey::Artist, TagKey::Copyright].into_iter().zip(texts) {
        if let Some(text) = text {
            block.push(key, text);
        }
    }
    block
}
