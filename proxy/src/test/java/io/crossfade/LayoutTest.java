package io.crossfade;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Imports point one way: a call falls from floor to floor and never climbs. */
class LayoutTest {
    private static final JavaClasses CROSSFADE = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void importsPointDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("commands")
                .definedBy("io.crossfade.cli..", "io.crossfade.demo..", "io.crossfade.bench..")
                .layer("root")
                .definedBy("io.crossfade")
                .layer("front doors")
                .definedBy("io.crossfade.frontdoor..")
                .layer("admin")
                .definedBy("io.crossfade.admin..")
                .layer("rollout")
                .definedBy("io.crossfade.rollout..")
                .layer("guard")
                .definedBy("io.crossfade.guard..")
                .layer("mismatch")
                .definedBy("io.crossfade.mismatch..")
                .layer("gates")
                .definedBy("io.crossfade.gates..")
                .layer("ledger")
                .definedBy("io.crossfade.ledger..")
                .layer("counted")
                .definedBy("io.crossfade.statistics..", "io.crossfade.evidence..")
                .layer("telemetry")
                .definedBy("io.crossfade.telemetry..")
                .layer("execution")
                .definedBy("io.crossfade.execution..")
                .layer("comparison")
                .definedBy("io.crossfade.comparison..")
                .layer("shadow")
                .definedBy("io.crossfade.shadow..")
                .layer("agreement")
                .definedBy("io.crossfade.agreement..")
                .layer("cutover")
                .definedBy("io.crossfade.cutover..")
                .layer("state")
                .definedBy("io.crossfade.state..")
                .layer("audit")
                .definedBy("io.crossfade.audit..")
                .layer("instance")
                .definedBy("io.crossfade.instance..")
                .layer("routing")
                .definedBy("io.crossfade.routing..")
                .layer("catalog")
                .definedBy("io.crossfade.catalog..")
                .layer("sides")
                .definedBy("io.crossfade.sides..")
                .whereLayer("commands")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("root")
                .mayOnlyBeAccessedByLayers("commands")
                .whereLayer("front doors")
                .mayOnlyBeAccessedByLayers("root", "commands")
                .whereLayer("admin")
                .mayOnlyBeAccessedByLayers("root", "commands")
                .whereLayer("guard")
                .mayOnlyBeAccessedByLayers("admin", "root", "commands")
                .whereLayer("rollout")
                .mayOnlyBeAccessedByLayers("cutover", "guard", "admin", "front doors", "root", "commands")
                .whereLayer("cutover")
                .mayOnlyBeAccessedByLayers("admin", "root", "commands")
                .whereLayer("mismatch")
                .mayOnlyBeAccessedByLayers("gates", "admin", "root", "commands")
                .whereLayer("gates")
                .mayOnlyBeAccessedByLayers("cutover", "rollout", "guard", "admin", "root", "commands")
                .whereLayer("agreement")
                .mayOnlyBeAccessedByLayers("cutover", "rollout", "admin", "root", "commands")
                .whereLayer("state")
                .mayOnlyBeAccessedByLayers(
                        "cutover", "agreement", "gates", "rollout", "guard", "admin", "root", "commands")
                .whereLayer("audit")
                .mayOnlyBeAccessedByLayers("agreement", "rollout", "admin", "root", "commands")
                .whereLayer("instance")
                .mayOnlyBeAccessedByLayers("admin", "root", "commands")
                .whereLayer("ledger")
                .mayOnlyBeAccessedByLayers("counted", "root", "commands")
                .whereLayer("counted")
                .mayOnlyBeAccessedByLayers("admin", "root", "commands")
                .whereLayer("telemetry")
                .mayOnlyBeAccessedByLayers("root", "commands")
                .whereLayer("execution")
                .mayOnlyBeAccessedByLayers(
                        "comparison",
                        "agreement",
                        "gates",
                        "rollout",
                        "guard",
                        "admin",
                        "front doors",
                        "root",
                        "commands")
                .whereLayer("comparison")
                .mayOnlyBeAccessedByLayers("mismatch", "guard", "admin", "front doors", "root", "commands")
                .whereLayer("shadow")
                .mayOnlyBeAccessedByLayers(
                        "cutover", "agreement", "gates", "rollout", "guard", "admin", "front doors", "root", "commands")
                .whereLayer("routing")
                .mayOnlyBeAccessedByLayers(
                        "comparison",
                        "cutover",
                        "execution",
                        "shadow",
                        "gates",
                        "rollout",
                        "guard",
                        "admin",
                        "front doors",
                        "root",
                        "commands")
                .whereLayer("catalog")
                .mayOnlyBeAccessedByLayers(
                        "comparison",
                        "execution",
                        "shadow",
                        "gates",
                        "rollout",
                        "guard",
                        "admin",
                        "front doors",
                        "root",
                        "commands")
                .whereLayer("sides")
                .mayOnlyBeAccessedByLayers(
                        "comparison",
                        "ledger",
                        "counted",
                        "telemetry",
                        "catalog",
                        "routing",
                        "execution",
                        "shadow",
                        "state",
                        "audit",
                        "instance",
                        "agreement",
                        "cutover",
                        "mismatch",
                        "gates",
                        "rollout",
                        "admin",
                        "front doors",
                        "root",
                        "commands")
                .check(CROSSFADE);
    }

    @Test
    void theGroundFloorKnowsNoOtherFloor() {
        check(classes()
                .that()
                .resideInAnyPackage(
                        "io.crossfade.migration..",
                        "io.crossfade.call..",
                        "io.crossfade.settings..",
                        "io.crossfade.observation..")
                .should()
                .onlyAccessClassesThat()
                .resideOutsideOfPackages(
                        "io.crossfade",
                        "io.crossfade.sides..",
                        "io.crossfade.catalog..",
                        "io.crossfade.routing..",
                        "io.crossfade.execution..",
                        "io.crossfade.shadow..",
                        "io.crossfade.rollout..",
                        "io.crossfade.frontdoor..",
                        "io.crossfade.admin..",
                        "io.crossfade.cli..",
                        "io.crossfade.demo..",
                        "io.crossfade.bench.."));
    }

    @Test
    void theVocabularyOfAMigrationDependsOnNothing() {
        check(noClasses()
                .that()
                .resideInAPackage("io.crossfade.migration..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.crossfade.call..", "io.crossfade.settings.."));
    }

    @Test
    void aCallIsFreeOfHttpAndOfSql() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.crossfade.call..", "io.crossfade.routing..", "io.crossfade.rollout..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.ext.web..", "io.vertx.core.http..", "io.vertx.sqlclient.."));
    }

    @Test
    void frontDoorsDecideNothingAboutSidesAndTouchNoDatabase() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.crossfade.frontdoor..", "io.crossfade.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.crossfade.sides..",
                        "io.crossfade.execution.sql..",
                        "io.vertx.sqlclient..",
                        "io.vertx.pgclient.."));
    }

    @Test
    void frontDoorsKnowNoStageOfAnyRepository() {
        check(noClasses()
                .that()
                .resideInAPackage("io.crossfade.frontdoor..")
                .should()
                .dependOnClassesThat(simpleName("RepositoryRollout").or(simpleName("RoutingKey"))));
    }

    @Test
    void whileCallsAreServedOnlyFewPlacesSpeakToADatabase() {
        // The tools on top are free to: they look before anything is served, or set up databases of their own.
        check(noClasses()
                .that(resideInAPackage("io.crossfade..")
                        .and(resideOutsideOfPackages(
                                "io.crossfade.execution..",
                                "io.crossfade.comparison..",
                                "io.crossfade.shadow..",
                                "io.crossfade.catalog..",
                                "io.crossfade.sides..",
                                "io.crossfade.state..",
                                "io.crossfade.audit..",
                                "io.crossfade.instance..",
                                "io.crossfade.ledger..",
                                "io.crossfade.evidence..",
                                "io.crossfade.agreement..",
                                "io.crossfade.cutover..",
                                "io.crossfade.gates..",
                                "io.crossfade.mismatch..",
                                "io.crossfade.cli..",
                                "io.crossfade.demo..",
                                "io.crossfade.bench..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx.sqlclient.."));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CROSSFADE);
    }
}
