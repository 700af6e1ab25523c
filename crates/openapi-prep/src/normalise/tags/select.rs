//! The choice of a variant for each value of a tag.

/// The values of a mapping, each with the variant that it names, if any.
pub(super) type Mapping = Vec<(String, Option<usize>)>;

/// What of a mapping does not agree with the variants of the union.
#[derive(Debug, Default)]
pub(super) struct Disagreement {
    /// Values that the variant they name does not have, and what becomes of
    /// them.
    pub(super) differences: Vec<(String, String)>,
    /// Values that name none of the variants.
    pub(super) strangers: Vec<String>,
}

/// Chooses a variant for each value. Variants go by their index.
pub(super) struct Select<'a> {
    /// The names of the variants' schemas, where they have any.
    names: Vec<Option<&'a str>>,
    /// The fixed values of each variant.
    fixed: Vec<Vec<String>>,
    /// Each value, and the variant that it selects.
    pub(super) chosen: Vec<(String, usize)>,
    /// Other values that are read, and the value that each stands for.
    pub(super) aliases: Vec<(String, String)>,
    pub(super) disagreement: Disagreement,
}

impl<'a> Select<'a> {
    pub(super) fn new(names: Vec<Option<&'a str>>, fixed: Vec<Vec<String>>) -> Self {
        Self {
            names,
            fixed,
            chosen: Vec::new(),
            aliases: Vec::new(),
            disagreement: Disagreement::default(),
        }
    }

    pub(super) fn chosen(&self, value: &str) -> Option<usize> {
        let mut all = self.chosen.iter();
        all.find(|(other, _)| other == value).map(|(_, leaf)| *leaf)
    }

    /// Of several variants that may have a value, the one that the mapping names
    /// has it.
    pub(super) fn by_fixed_values(&mut self, mapping: &[(String, Option<usize>)]) {
        let may_have = |leaf: usize, value: &String| self.fixed[leaf].contains(value);
        for (index, values) in self.fixed.iter().enumerate() {
            for value in values {
                let mapped = mapping.iter().find(|(other, _)| other == value);
                let of_mapping = mapped
                    .and_then(|(_, leaf)| *leaf)
                    .filter(|leaf| self.fixed[*leaf].is_empty() || may_have(*leaf, value));
                let others = (0..self.fixed.len()).filter(|leaf| may_have(*leaf, value));
                let is_chosen = match of_mapping {
                    Some(leaf) => leaf == index,
                    None => others.count() == 1,
                };
                if is_chosen {
                    self.chosen.push((value.clone(), index));
                }
            }
        }
    }

    pub(super) fn by_mapping(&mut self, mapping: &[(String, Option<usize>)]) {
        for (value, leaf) in mapping {
            let Some(leaf) = *leaf else {
                self.disagreement.strangers.push(value.clone());
                continue;
            };
            let sent = self.chosen.iter().find(|(_, other)| *other == leaf);
            let fixed = sent.filter(|(sent, _)| self.fixed[leaf].contains(sent));
            match (self.chosen(value), fixed) {
                (Some(other), _) if other == leaf => {}
                (Some(_), _) => {
                    let note = "is the fixed value of another variant, which it selects";
                    self.disagreement
                        .differences
                        .push((value.clone(), note.into()));
                }
                (None, None) => self.chosen.push((value.clone(), leaf)),
                (None, Some((sent, _))) => {
                    let note = format!("the variant's own value is {sent:?}: read, not sent");
                    self.disagreement.differences.push((value.clone(), note));
                    self.aliases.push((value.clone(), sent.clone()));
                }
            }
        }
    }

    pub(super) fn by_names(&mut self) {
        for (index, name) in self.names.clone().into_iter().enumerate() {
            let Some(name) = name else { continue };
            let fixed = &self.fixed[index];
            let selected = self.chosen.iter().any(|(_, leaf)| *leaf == index);
            let may = fixed.is_empty() || fixed.iter().any(|value| value == name);
            if !selected && may && self.chosen(name).is_none() {
                self.chosen.push((name.to_owned(), index));
            }
        }
    }
}
