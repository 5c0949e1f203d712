import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import {
  BATCHES,
  type Batch,
  COURSES,
  type Course,
  PERIODS,
  type PeriodDetail,
  PROGRAMS,
  type Program,
  recordQuery,
  SECTIONS,
  type Section,
} from "./queries";

const programsSearch = listSearch("status", "structure_type");
const periodsSearch = listSearch("program", "batch", "view");
const coursesSearch = listSearch("department", "program", "is_active");
const sectionsSearch = listSearch("program", "batch", "academic_period", "department", "course");
const rosterSearch = listSearch("status");

const programsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/programs",
  validateSearch: programsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(PROGRAMS, deps)),
  component: lazyRouteComponent(() => import("./pages/ProgramsPage"), "ProgramsPage"),
});

const programRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/programs/$id",
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(recordQuery<Program>(PROGRAMS, params.id)),
  component: lazyRouteComponent(() => import("./pages/ProgramPage"), "ProgramPage"),
});

const batchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/batches/$id",
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(recordQuery<Batch>(BATCHES, params.id)),
  component: lazyRouteComponent(() => import("./pages/BatchPage"), "BatchPage"),
});

const periodsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/periods",
  validateSearch: periodsSearch,
  component: lazyRouteComponent(() => import("./pages/PeriodsPage"), "PeriodsPage"),
});

const periodRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/periods/$id",
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(recordQuery<PeriodDetail>(PERIODS, params.id)),
  component: lazyRouteComponent(() => import("./pages/PeriodPage"), "PeriodPage"),
});

const coursesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/courses",
  validateSearch: coursesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(COURSES, deps)),
  component: lazyRouteComponent(() => import("./pages/CoursesPage"), "CoursesPage"),
});

const courseRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/courses/$id",
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(recordQuery<Course>(COURSES, params.id)),
  component: lazyRouteComponent(() => import("./pages/CoursePage"), "CoursePage"),
});

const sectionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/sections",
  validateSearch: sectionsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(SECTIONS, deps)),
  component: lazyRouteComponent(() => import("./pages/SectionsPage"), "SectionsPage"),
});

const sectionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "academics/sections/$id",
  validateSearch: rosterSearch,
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(recordQuery<Section>(SECTIONS, params.id)),
  component: lazyRouteComponent(() => import("./pages/SectionPage"), "SectionPage"),
});

export const academicRoutes = [
  programsRoute,
  programRoute,
  batchRoute,
  periodsRoute,
  periodRoute,
  coursesRoute,
  courseRoute,
  sectionsRoute,
  sectionRoute,
] as const;
