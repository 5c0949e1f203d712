import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listQuery, listSearch } from "../../api/lists";
import { shellRoute } from "../../app/shellRoute";
import {
  CORRECTIONS,
  correctionQuery,
  EXAMS,
  examQuery,
  gradebookQuery,
  gridQuery,
  MY_RESULTS,
  resultQuery,
  SCHEMES,
  schemeQuery,
} from "./queries";

// Named before their routes: written inside, their filters would be lost to the types.
const examsSearch = listSearch("status", "exam_type", "course", "start_date", "end_date");
const candidatesSearch = listSearch("admission");
const resultsSearch = listSearch("status", "final_outcome");
const mineSearch = listSearch();
const schemesSearch = listSearch("status");
const correctionsSearch = listSearch("status", "exam");

const examsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/exams",
  validateSearch: examsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(EXAMS, deps)),
  component: lazyRouteComponent(() => import("./pages/ExamsPage"), "ExamsPage"),
});

const examRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/exams/$id",
  validateSearch: candidatesSearch,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(examQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/ExamPage"), "ExamPage"),
});

const marksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/exams/$id/marks",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(gridQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/MarksPage"), "MarksPage"),
});

const resultsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/exams/$id/results",
  validateSearch: resultsSearch,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(examQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/ResultsPage"), "ResultsPage"),
});

const resultRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/results/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(resultQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/ResultPage"), "ResultPage"),
});

const mineRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/my-results",
  validateSearch: mineSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(MY_RESULTS, deps)),
  component: lazyRouteComponent(() => import("./pages/MyResultsPage"), "MyResultsPage"),
});

const correctionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/corrections",
  validateSearch: correctionsSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(CORRECTIONS, deps)),
  component: lazyRouteComponent(() => import("./pages/CorrectionsPage"), "CorrectionsPage"),
});

const correctionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/corrections/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(correctionQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/CorrectionPage"), "CorrectionPage"),
});

const gradebookRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/sections/$id/gradebook",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(gradebookQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/GradebookPage"), "GradebookPage"),
});

const schemesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/grade-schemes",
  validateSearch: schemesSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(listQuery(SCHEMES, deps)),
  component: lazyRouteComponent(() => import("./pages/SchemesPage"), "SchemesPage"),
});

const schemeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "assessment/grade-schemes/$id",
  loader: ({ context, params }) => context.queryClient.ensureQueryData(schemeQuery(params.id)),
  component: lazyRouteComponent(() => import("./pages/SchemePage"), "SchemePage"),
});

export const examRoutes = [
  examsRoute,
  examRoute,
  marksRoute,
  resultsRoute,
  resultRoute,
  mineRoute,
  correctionsRoute,
  correctionRoute,
  gradebookRoute,
  schemesRoute,
  schemeRoute,
] as const;
