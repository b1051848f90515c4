//! Patterns: those that bind and those that are assigned to.

use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern,
    PropertyKey,
};
use oxc_span::{GetSpan as _, Span};

use super::declare::Named;
use super::{Lower, Place, range, unquoted};
use crate::{
    Context, DeclData, DeclFlags, DeclKind, ExprId, ExprKind, Meaning, Pattern, PatternId,
    PatternSource, TokenFlags, TokenKind,
};

impl<'a> Lower<'a> {
    fn push_pattern(&mut self, source: PatternSource, span: Span) -> PatternId {
        let id = PatternId(self.hir.patterns.len() as u32);
        self.hir.patterns.push(Pattern {
            source,
            default: None,
            decl: None,
            range: range(span),
        });
        id
    }

    /// Declares what a pattern binds. `whole` is the declarator, parameter or clause.
    pub(super) fn pattern(
        &mut self,
        it: &BindingPattern<'a>,
        kind: DeclKind,
        flags: DeclFlags,
        source: PatternSource,
        whole: Span,
    ) -> PatternId {
        let id = self.push_pattern(source, it.span());
        // Deeper than that no one writes patterns.
        let _ = self.deeper(|lower| lower.bind(it, id, kind, flags, whole));
        id
    }

    fn bind(
        &mut self,
        it: &BindingPattern<'a>,
        id: PatternId,
        kind: DeclKind,
        flags: DeclFlags,
        whole: Span,
    ) {
        match it {
            BindingPattern::BindingIdentifier(name) => {
                let named = self.named(name);
                let decl = self.declare(kind, named, flags, range(whole));
                self.set_data(decl, DeclData::Binding(id));
                self.hir.patterns[id.index()].decl = Some(decl);
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let source =
                        self.pattern_key(&property.key, id, property.shorthand, property.computed);
                    let flags = flags.with(DeclFlags::SHORTHAND, property.shorthand);
                    self.pattern(&property.value, kind, flags, source, property.span);
                }
                if let Some(rest) = &object.rest {
                    self.pattern(
                        &rest.argument,
                        kind,
                        flags,
                        PatternSource::Rest(id),
                        rest.span,
                    );
                }
            }
            BindingPattern::ArrayPattern(array) => {
                for (at, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        let source = PatternSource::Element(id, at as u32);
                        self.pattern(element, kind, flags, source, element.span());
                    }
                }
                if let Some(rest) = &array.rest {
                    self.pattern(
                        &rest.argument,
                        kind,
                        flags,
                        PatternSource::Rest(id),
                        rest.span,
                    );
                }
            }
            BindingPattern::AssignmentPattern(assignment) => {
                self.bind(&assignment.left, id, kind, flags, whole);
                let decl = self.hir.patterns[id.index()].decl;
                let context = Some(Context::Default(id));
                let default = self.expression(&assignment.right, Place { context, decl });
                self.hir.patterns[id.index()].default = Some(default);
            }
        }
    }

    /// The key of a property in a pattern.
    fn pattern_key(
        &mut self,
        key: &PropertyKey<'a>,
        of: PatternId,
        shorthand: bool,
        computed: bool,
    ) -> PatternSource {
        match self.key(key, computed) {
            Some(named) => {
                self.pattern_key_token(named, of, shorthand);
                PatternSource::Property(of, named.name)
            }
            None => PatternSource::Computed(of),
        }
    }

    fn pattern_key_token(&mut self, named: Named, of: PatternId, shorthand: bool) {
        let mut flags = TokenFlags::READ;
        if shorthand {
            flags = flags.and(TokenFlags::SHORTHAND);
        }
        if named.quoted {
            flags = flags.and(TokenFlags::QUOTED);
        }
        self.token(named.range, named.name, TokenKind::PatternKey(of), flags);
    }

    /// The name of a member, if it is written out; a computed one is lowered as an expression.
    pub(super) fn key(&mut self, key: &PropertyKey<'a>, computed: bool) -> Option<Named> {
        Some(match key {
            PropertyKey::StaticIdentifier(name) => Named {
                name: self.name(name.name.as_str()),
                range: range(name.span),
                quoted: false,
            },
            PropertyKey::PrivateIdentifier(name) => {
                let text = self.text;
                let written = text.get(name.span.start as usize..name.span.end as usize)?;
                Named {
                    name: self.name(written),
                    range: range(name.span),
                    quoted: false,
                }
            }
            PropertyKey::StringLiteral(text) => Named {
                name: self.name(text.value.as_str()),
                range: unquoted(text.span),
                quoted: true,
            },
            PropertyKey::NumericLiteral(number) => Named {
                name: self.name(number.raw.as_ref()?.as_str()),
                range: range(number.span),
                quoted: computed,
            },
            other => {
                self.expression(other.as_expression()?, Place::default());
                return None;
            }
        })
    }

    /// What is assigned to: names and members are uses that write.
    pub(super) fn assignment_target(
        &mut self,
        it: &AssignmentTarget<'a>,
        source: PatternSource,
    ) -> Option<ExprId> {
        self.deeper(|lower| lower.assign(it, source)).flatten()
    }

    fn assign(&mut self, it: &AssignmentTarget<'a>, source: PatternSource) -> Option<ExprId> {
        match it {
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                let id = self.push_pattern(source, object.span);
                for property in &object.properties {
                    self.assign_property(property, id);
                }
                if let Some(rest) = &object.rest {
                    self.assignment_target(&rest.target, PatternSource::Rest(id));
                }
                None
            }
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                let id = self.push_pattern(source, array.span);
                for (at, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.assign_with_default(element, PatternSource::Element(id, at as u32));
                    }
                }
                if let Some(rest) = &array.rest {
                    self.assignment_target(&rest.target, PatternSource::Rest(id));
                }
                None
            }
            simple => {
                Some(self.simple_target(simple.to_simple_assignment_target(), TokenFlags::WRITE))
            }
        }
    }

    fn assign_property(&mut self, property: &AssignmentTargetProperty<'a>, of: PatternId) {
        match property {
            AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(it) => {
                let named = Named {
                    name: self.name(it.binding.name.as_str()),
                    range: range(it.binding.span),
                    quoted: false,
                };
                let flags = TokenFlags::WRITE.and(TokenFlags::SHORTHAND);
                let token = self.use_name(named.range, named.name, Meaning::VALUE, flags);
                self.push_expr(ExprKind::Name(token), it.binding.span);
                self.pattern_key_token(named, of, true);
                if let Some(default) = &it.init {
                    self.expression(default, Place::default());
                }
            }
            AssignmentTargetProperty::AssignmentTargetPropertyProperty(it) => {
                let source = self.pattern_key(&it.name, of, false, it.computed);
                self.assign_with_default(&it.binding, source);
            }
        }
    }

    fn assign_with_default(
        &mut self,
        it: &AssignmentTargetMaybeDefault<'a>,
        source: PatternSource,
    ) {
        match it {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                self.assignment_target(&it.binding, source);
                self.expression(&it.init, Place::default());
            }
            other => _ = self.assignment_target(other.to_assignment_target(), source),
        }
    }
}
